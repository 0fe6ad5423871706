package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hbar.cli.FileFaultSeries;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.hub.HubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reading, writing, flushing, creating and renaming may fail at every call ({@link
 * FileFaultSeries}). {@code scripts/attack/faults files} lets each call fail; here it is one of
 * several.
 */
@NativeTest
@Timeout(value = 95, unit = TimeUnit.MINUTES)
class FileFaultTest {
  private static final int EVERY = Integer.getInteger("hbar.faults.every", 61);
  // For every call; of several, as many times shorter, and never below ten minutes.
  private static final int SECONDS = 5400;
  private static final int LEAST_SECONDS = 600;

  private static final List<String> BEFORE =
      List.of(
          "score model --data data --set train --n 24 --max-tokens 2 --out train.jsonl",
          "states model --data data/qa_data.json --task qa --limit 12 --points block.1"
              + " --positions last-answer --out states",
          "sweep model --data data --calibrate 12 --validate 12 --max-tokens 2 --out sweep");

  private static final List<String> ATTACKED =
      List.of(
          "score model --data data/qa_data.json --task qa --limit 4 --max-tokens 2 --out OUT/s.jsonl",
          "calibrate --scores train.jsonl --resamples 50 --out OUT/params.json",
          "summary train.jsonl --resamples 50 --plot OUT/scores.svg",
          "report sweep --out OUT/report.html",
          "states model --data data/qa_data.json --task qa --limit 4 --points block.1"
              + " --positions last-answer --out OUT/states",
          "detect fit --states states --kind probe --layer 1 --permutations 1 --out OUT/detector",
          "trace model --prompt Hello --steps 2 --out OUT/trace",
          "convert model --bits 8 --group-size 32 --out OUT/packed",
          "pull org/model");

  @TempDir private Path folder;

  @Test
  void failingFileCall_isOneLineAndFilesAreWholeOrAbsent() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "LD_PRELOAD is Linux's");
    Path library = compiled();
    try (HubServer hub = HubServer.start()) {
      hub.small("config.json", "{}").large("model.safetensors", new byte[100_000]);
      hub.small("tokenizer.json", "{}");
      CommandFolder commands = CommandFolder.of(folder.resolve("work"), hub.endpoint());
      commands
          .series("en-US", "\"$@\"", BEFORE)
          .forEach((command, run) -> assertEquals(0, run.code(), command + run.err()));
      Path out = folder.resolve("out");
      List<String> lines = ATTACKED.stream().map(line -> line.replace("OUT", "" + out)).toList();
      Path file = Files.write(folder.resolve("attacked.txt"), lines);
      List<String> words =
          new ArrayList<>(
              ProgramRun.command(
                  library + "", folder.resolve("work") + "", out + "", EVERY + "", file + ""));
      words.set(words.size() - 6, FileFaultSeries.class.getName());
      ProgramRun run =
          commands.run(
              "en-US", preloaded(library, out), words, Math.max(LEAST_SECONDS, SECONDS / EVERY));
      System.out.print(run.out());
      assertEquals(0, run.code(), run.out() + run.err());
    }
  }

  @Test
  void failingFileCallOfAServersCache_costsNoAnswerAndLeavesNoDamagedFile() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "LD_PRELOAD is Linux's");
    Path library = compiled();
    CommandFolder commands = CommandFolder.of(folder.resolve("work"), "http://localhost:1");
    Path kept = folder.resolve("kept");
    List<String> words = new ArrayList<>(ProgramRun.command(library + "", "model", kept + ""));
    words.set(words.size() - 4, PrefixFaultSeries.class.getName());
    ProgramRun run = commands.run("en-US", preloaded(library, kept), words, LEAST_SECONDS);
    System.out.print(run.out());
    assertEquals(0, run.code(), run.out() + run.err());
  }

  private static String preloaded(Path library, Path out) {
    return "HF_HUB_CACHE=%s/cache LD_PRELOAD=%s \"$@\"".formatted(out, library);
  }

  private Path compiled() throws IOException, InterruptedException {
    Path source = Path.of(System.getProperty("hbar.root"), "scripts/attack/file_faults.c");
    Path library = folder.resolve("file_faults.so");
    Process compiler =
        new ProcessBuilder("cc", "-O1", "-shared", "-fPIC", "-o", library + "", source + "")
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    return library;
  }
}
