package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every input of every command as /dev/zero: by name, as a file of a folder, and on stdin. None is
 * read to an end it does not have.
 */
@NativeTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EndlessInputTest {
  private static final String ZERO = "/dev/zero";

  /** What makes the sound files. */
  private static final String SOUND =
      """
      score model --data data --set train --n 24 --max-tokens 2 --out scores.jsonl
      states model --data data/qa_data.json --task qa --limit 12 --points block.1 --positions last-answer --out states
      detect fit --states states --kind probe --layer 1 --permutations 1 --out detector
      calibrate --scores scores.jsonl --resamples 50 --out params.json
      """;

  private static final String BY_NAME =
      """
      summary ZERO
      summary scores.jsonl --against ZERO
      calibrate --scores ZERO --out p.json
      calibrate --scores scores.jsonl --update ZERO --out p.json
      validate --scores ZERO --params params.json --out r.json
      validate --scores scores.jsonl --params ZERO --out r.json
      report ZERO --out r.html
      generate ZERO --prompt Hello
      generate model --prompt Hello --params ZERO
      generate model --prompt Hello --detector ZERO
      generate model --prompt Hello --adapter ZERO
      generate model --prompt Hello --chat --tools ZERO
      generate model --prompt Hello --chat --documents ZERO
      chat model --params ZERO
      chat model --detector ZERO
      chat model --transcript ZERO
      trace ZERO --prompt Hello --out t
      compare model --reference ZERO
      inspect ZERO
      bench ZERO
      convert ZERO --out c
      render ZERO --conversations conversations.jsonl
      render --template ZERO --conversations conversations.jsonl
      render --template template.jinja --conversations ZERO
      split --data ZERO --set train --n 12
      score model --data ZERO --task qa --out s.jsonl
      score model --data data/qa_data.json --task custom --template ZERO --out s.jsonl
      score model --data data/qa_data.json --task qa --limit 6 --out ZERO
      score-text model --prompt-file ZERO --prompt Hello --answer there
      states model --data ZERO --task qa --points block.1 --positions last-answer --out s
      states model --data data/qa_data.json --task custom --template ZERO --points block.1 --positions last-answer --out s
      detect fit --states ZERO --kind probe --layer 1 --out d
      detect test --detector ZERO --states states
      detect test --detector detector --states ZERO
      detect profile --states ZERO
      detect transfer --detector ZERO --states states
      detect transfer --detector detector --states ZERO
      detect list ZERO
      sweep ZERO --data data --calibrate 12 --validate 12 --out w
      sweep model --data ZERO --calibrate 12 --validate 12 --out w
      serve ZERO --port 0
      serve model --port 0 --api-key-file ZERO
      serve model --port 0 --params ZERO
      serve model --port 0 --detector ZERO
      --log-file ZERO summary scores.jsonl
      """;

  /** Folder, file of it, and a command that reads it; FOLDER is a copy with that file endless. */
  private static final String IN_A_FOLDER =
      """
      model config.json inspect FOLDER
      model tokenizer.json generate FOLDER --prompt Hello
      model tokenizer_config.json generate FOLDER --prompt Hello --chat
      model chat_template.jinja generate FOLDER --prompt Hello --chat
      model special_tokens_map.json generate FOLDER --prompt Hello --chat
      model generation_config.json generate FOLDER --prompt Hello
      model model.safetensors generate FOLDER --prompt Hello
      model model.safetensors.index.json generate FOLDER --prompt Hello
      adapter adapter_config.json generate model --prompt Hello --adapter FOLDER
      adapter adapters.safetensors generate model --prompt Hello --adapter FOLDER
      states states.json detect fit --states FOLDER --kind probe --layer 1 --out d
      states index.jsonl detect fit --states FOLDER --kind probe --layer 1 --out d
      states states.safetensors detect fit --states FOLDER --kind probe --layer 1 --out d
      detector detector.json detect test --detector FOLDER --states states
      detector detector.safetensors detect test --detector FOLDER --states states
      detector detector.json generate model --prompt Hello --detector FOLDER
      data qa_data.json split --data FOLDER --set train --n 12
      data dialogue_data.json score model --data FOLDER --set train --n 24 --out s.jsonl
      data summarization_data.json sweep model --data FOLDER --calibrate 12 --validate 12 --out w
      """;

  private static final String ADAPTER =
      """
      {"fine_tune_type": "lora", "num_layers": 1,
       "lora_parameters": {"rank": 2, "scale": 1.0, "dropout": 0.0}}
      """;

  private static final String ON_STDIN =
      """
      chat model
      generate model --prompt -
      render --template template.jinja --conversations -
      """;

  /** The input that is refused: the device, the file in a copied folder, or stdin. */
  private static final Pattern NAMED =
      Pattern.compile("hbar: .*(/dev/zero|z\\d+/|stdin|the conversations)");

  private static final List<Path> SPOILT = new ArrayList<>();

  @TempDir private static Path root;

  @Test
  void endlessInput_isRefusedInOneLine() throws Exception {
    assumeTrue(Files.exists(Path.of(ZERO)), "this system has no /dev/zero");
    CommandFolder folder = CommandFolder.of(root.resolve("zero"), "http://localhost:9");
    Path model = folder.path().resolve("model");
    Files.writeString(
        model.resolve("chat_template.jinja"), "{{ bos_token }}{{ messages[0].content }}");
    Path adapter = Files.createDirectory(folder.path().resolve("adapter"));
    Files.writeString(adapter.resolve("adapter_config.json"), ADAPTER);
    String plain = "\"$@\"";
    folder
        .series("en-US", plain, SOUND.lines().toList())
        .forEach((command, run) -> assertEquals(0, run.code(), command + ": " + run.err()));
    List<String> commands = new ArrayList<>(BY_NAME.replace("ZERO", ZERO).lines().toList());
    for (boolean pipe : new boolean[] {false, true}) {
      for (String line : IN_A_FOLDER.lines().toList()) {
        String[] words = line.split(" ", 3);
        Path spoilt = folder.path().resolve("z" + commands.size());
        spoil(folder.path().resolve(words[0]), spoilt, words[1], pipe);
        commands.add(words[2].replace("FOLDER", spoilt.getFileName().toString()));
      }
    }
    commands.addAll(ON_STDIN.lines().toList());
    Set<String> before = files(folder.path());
    Map<String, ProgramRun> runs = folder.series("en-US", plain + " < /dev/zero", commands);
    assertEquals(86, runs.size());
    List<String> faults = new ArrayList<>();
    runs.forEach(
        (command, run) -> {
          if (!isRefusal(run) || !NAMED.matcher(run.err()).find()) {
            faults.add(command + " -> " + run.code() + " " + run.err());
          }
        });
    assertEquals("", String.join("\n", faults));
    Set<String> left = files(folder.path());
    left.removeAll(before);
    // A sweep notes what failed.
    left.removeAll(List.of("w", "w/sweep.json"));
    assertEquals(new TreeSet<>(), left, "files that were left behind");
  }

  /** Progress may stand before the one line that says why it ended. */
  private static boolean isRefusal(ProgramRun run) {
    long errors = run.err().lines().filter(line -> line.startsWith("hbar: ")).count();
    return (run.code() == 1 || run.code() == 2)
        && errors == 1
        && !run.err().contains("internal error")
        && !run.err().contains("\tat ");
  }

  /** A copy of a folder in which one file has no end: a link to the device, or an open pipe. */
  private static void spoil(Path from, Path to, String endless, boolean pipe)
      throws IOException, InterruptedException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(endless)) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    Path bad = to.resolve(endless);
    if (pipe) {
      assertEquals(0, new ProcessBuilder("mkfifo", bad.toString()).start().waitFor());
    } else {
      Files.createSymbolicLink(bad, Path.of(ZERO));
    }
    SPOILT.add(bad);
  }

  /** The files that have no end would be followed where the folder is deleted. */
  @AfterAll
  static void deleteThem() throws IOException {
    for (Path file : SPOILT) {
      Files.delete(file);
    }
  }

  private static Set<String> files(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.forEach(file -> names.add(folder.relativize(file).toString()));
    }
    return names;
  }
}
