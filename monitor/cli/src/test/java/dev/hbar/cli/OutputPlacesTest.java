package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No option of any command writes over what the command reads. */
class OutputPlacesTest {
  private static final String TEXT = "{\"kept\": 1}\n";

  @TempDir private Path folder;

  @BeforeEach
  void inputs() throws IOException {
    Files.createDirectory(folder.resolve("dir"));
    for (String name : new String[] {"a.json", "a.png", "dir/a.jsonl", "dir/config.json"}) {
      Files.writeString(folder.resolve(name), TEXT);
    }
    Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("a.json"));
    Files.createLink(folder.resolve("hard.json"), folder.resolve("a.json"));
    Files.createSymbolicLink(folder.resolve("way"), folder.resolve("dir"));
  }

  private CommandRun run(String line) {
    return CommandRun.of(line.replace("@", folder + "/").split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "a.json, calibrate --scores @a.json --out @./a.json",
    "a.json, calibrate --update @none --scores @a.json --out @link.json",
    "a.json, validate --scores @none --params @a.json --out @hard.json",
    "a.json, validate --scores @link.json --params @none --out @dir/../a.json",
    "a.png, summary @a.png --plot @a.png",
    "a.png, summary @a.json --against @a.png --plot @a.png",
    "a.png, compare @dir --reference @a.png --plot @way/../a.png",
    "a.json, score @dir --data @a.json --task qa --out @a.json",
    "a.json, score @dir --data @none --task custom --template @a.json --out @link.json",
    "dir/a.jsonl, report @dir --out @dir/a.jsonl",
    "dir/a.jsonl, report @way --out @dir/a.jsonl",
    "dir/a.jsonl, detect report --detector @none --states @dir --out @way/a.jsonl",
    "a.json, summary @a.json --log-file @a.json",
    "a.json, calibrate --update @a.json --scores @none --out @b.json --log-file @a.json",
    "a.json, --log-file @link.json render --template @none --conversations @a.json",
    "dir/config.json, inspect @dir --log-file @way/config.json",
    "dir/config.json, generate @dir --prompt x --log-file @dir/config.json",
    "a.json, generate @dir --prompt x --params @a.json --log-file @hard.json"
  })
  void outputThatIsAnInput_isRefusedAndLeftAsItIs(String input, String line) throws IOException {
    CommandRun run = run(line);
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains(" would replace a file "), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertEquals(TEXT, Files.readString(folder.resolve(input)));
  }

  @Test
  void oneFileForTwoOutputs_isRefused() {
    CommandRun run = run("calibrate --scores @a.json --out @new.json --log-file @./new.json");
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("is written by another option, too"), run.err());
    assertFalse(Files.exists(folder.resolve("new.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "dir/page.html, report @dir --out @dir/page.html",
    "dir/run.log, inspect @dir --log-file @dir/run.log",
    "b.json, calibrate --scores @a.json --out @b.json",
    "b.json, calibrate --update @b.json --scores @a.json --out @b.json",
    "dir/b.jsonl, score @none --data @dir --set test --n 2 --out @dir/b.jsonl"
  })
  void whatACommandWroteBefore_mayBeWrittenAgain(String output, String line) throws IOException {
    Files.writeString(folder.resolve(output), "");
    CommandRun run = run(line);
    assertFalse(run.err().contains("would replace"), run.err());
  }
}
