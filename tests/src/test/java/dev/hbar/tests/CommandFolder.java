package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.cli.CommandSeries;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder with what commands work on: a tiny model with its tokenizer, HaluEval's three files, a
 * template and a conversation.
 *
 * @param hub where the hub is, for the commands that are run here
 */
record CommandFolder(Path path, String hub) {
  private static final int SECONDS = 300;

  /** Makes it. Owner thread. */
  static CommandFolder of(Path folder, String hub) throws IOException {
    model(folder.resolve("model"));
    Files.writeString(
        folder.resolve("template.jinja"), "{{ messages[0].content | upper }} {{ 1234.5 }}");
    Files.writeString(
        folder.resolve("conversations.jsonl"),
        "{\"messages\":[{\"role\":\"user\",\"content\":\"title i 7\"}]}\n");
    Path data = Files.createDirectory(folder.resolve("data"));
    records(
        data.resolve("qa_data.json"),
        "{'knowledge':'River %s is long.','question':'How long?','right_answer':'%s km.','hallucinated_answer':'A mile, %s.'}");
    records(
        data.resolve("dialogue_data.json"),
        "{'knowledge':'River %s.','dialogue_history':'[Human]: How long?','right_response':'%s km.','hallucinated_response':'A mile, %s.'}");
    records(
        data.resolve("summarization_data.json"),
        "{'document':'River %s is long.','right_summary':'It has %s km.','hallucinated_summary':'A mile, %s.'}");
    return new CommandFolder(folder, hub);
  }

  /** A model that writes nonsense, and fast. Owner thread. */
  static void model(Path folder) throws IOException {
    Files.createDirectories(folder);
    new RandomCheckpoint("llama", "{'max_position_embeddings': 4096}")
        .load(folder, MaskChoice.AUTO)
        .close();
    RandomCheckpoint.writeTokenizer(folder);
  }

  /**
   * What a command wrote, by name, each byte a character and the folder's own path as OUT.
   *
   * @param measured names of files that differ from run to run, taken as empty
   */
  static Map<String, String> files(Path out, Pattern measured) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = out.relativize(file).toString();
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        files.put(name, measured.matcher(name).matches() ? "" : text.replace(out + "", "OUT"));
      }
    }
    return files;
  }

  private static void records(Path file, String line) throws IOException {
    Files.write(
        file,
        IntStream.range(0, 20)
            .mapToObj(i -> line.replace("%s", i + "").replace('\'', '"'))
            .toList());
  }

  /**
   * Runs commands one after the other in one process ({@link CommandSeries}).
   *
   * @param shell what is done with the process's streams; in it, "$@" is the program
   * @return what each did, by its text; those that only copy are left out
   */
  Map<String, ProgramRun> series(String locale, String shell, List<String> commands)
      throws IOException, InterruptedException {
    Path file = Files.write(path.resolveSibling("commands.txt"), commands);
    List<String> words = new ArrayList<>(ProgramRun.command(file.toString()));
    words.set(words.size() - 2, CommandSeries.class.getName());
    ProgramRun whole = run(locale, shell, words);
    List<String> shown = commands.stream().filter(line -> !line.startsWith("cp ")).toList();
    List<CommandSeries.Part> parts = CommandSeries.parts(whole.out(), whole.err());
    assertEquals(shown.size(), parts.size(), whole.toString());
    Map<String, ProgramRun> runs = new LinkedHashMap<>();
    for (int i = 0; i < shown.size(); i++) {
      CommandSeries.Part part = parts.get(i);
      runs.put(shown.get(i), new ProgramRun(part.code(), part.out(), part.err()));
    }
    return runs;
  }

  /** Runs one program, the words of whose command line are given, for five minutes at most. */
  ProgramRun run(String locale, String shell, List<String> program)
      throws IOException, InterruptedException {
    return run(locale, shell, program, SECONDS);
  }

  /** The same for so many seconds at most. */
  ProgramRun run(String locale, String shell, List<String> program, int seconds)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("/bin/bash", "-c", shell, "bash"));
    words.addAll(program);
    String[] parts = locale.split("-");
    words.addAll(
        words.indexOf("-cp"),
        List.of("-Duser.language=" + parts[0], "-Duser.country=" + parts[1], "-Xmx1g"));
    Path out = path.resolve("stdout");
    Path err = path.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(path.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("HF_ENDPOINT", hub);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), shell + " hangs");
    } finally {
      process.destroyForcibly();
    }
    return new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
