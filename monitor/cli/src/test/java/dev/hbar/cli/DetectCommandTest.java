package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectCommandTest {
  @TempDir Path folder;

  @Test
  void wrongUse_isOneLine() {
    assertUsage("one of fit, test, transfer, profile, report, power, list", "detect");
    assertUsage(
        "'magic' is none of probe, direction, signals, mahalanobis, lookback, icr",
        fit("--kind", "magic"));
    assertUsage("'nowhere' is none of last-prompt", fit("--position", "nowhere"));
    assertUsage("number of a block or auto", fit("--layer", "top"));
    assertUsage("--folds must be at least 2", fit("--folds", "1"));
    assertUsage("--halt-on detector needs --detector", generate("--halt-on", "detector"));
    assertUsage("--detector decides the risk", generate("--detector", "d", "--halt-on", "pri"));
    assertUsage("--abstain-above needs --detector", generate("--abstain-above", "0.5"));
    assertUsage(
        "--abstain-above must be in [0, 1]",
        generate("--detector", "d", "--abstain-above", "1.01"));
    assertUsage("lie between 0 and 1", test("--promise", "1"));
    assertUsage("lie between 0 and 1", test("--promise", "0.2", "--confidence", "0"));
    assertUsage("'none' is none of generated, given, sampled", score("--answers", "none"));
    assertUsage("--template FILE goes with", score("--template", "t", "--task", "fever"));
    assertUsage("'int8' is neither float16 nor float32", states("--dtype", "int8"));
    assertUsage("'here' is none of last-prompt", states("--positions", "here"));
  }

  @Test
  void power_saysHowManyRecordsEachQuestionNeeds() {
    CommandRun run = CommandRun.of("detect", "power");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        """
        chance of success 0.8
        promise "at most 0.2 of the kept are wrong", confidence 0.9, where 0.1 are: 63 kept answers, 126 records if 0.5 are kept
        AUROC 0.750 seen above 0.700 (two-sided 0.05, correlation 0.5): 399 records with a right and a wrong answer each
        """,
        run.out());
    CommandRun json =
        CommandRun.of(
            "detect",
            "power",
            "--json",
            "--promise",
            "0.1",
            "--confidence",
            "0.95",
            "--wrong",
            "0.05",
            "--kept",
            "0.3",
            "--power",
            "0.9",
            "--auroc",
            "0.7",
            "--correlation",
            "0");
    assertEquals(0, json.code(), json.err());
    // ceil(239 / 0.3) = 797
    assertTrue(
        json.out()
            .replaceAll("\\s", "")
            .startsWith(
                "{\"kept_answers\":239,\"promise_records\":797,\"difference_records\":1064}"),
        json.out());
  }

  @Test
  void powerForWhatNoNumberCanShow_isWrongUsage() {
    assertUsage("below the promised one", "detect", "power", "--wrong", "0.2");
    assertUsage("--kept must be above 0", "detect", "power", "--kept", "0");
    assertUsage("records would be needed", "detect", "power", "--kept", "1e-300");
    assertUsage("the correlation", "detect", "power", "--correlation", "1");
    assertUsage("records would be needed", "detect", "power", "--difference", "0.000001");
  }

  /** The states are not looked at before. */
  @Test
  void placeOfADetector_isTriedBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");
    CommandRun run =
        CommandRun.of(
            "detect",
            "fit",
            "--states",
            folder.resolve("none").toString(),
            "--out",
            file.toString());
    assertEquals(1, run.code());
    assertEquals(
        "hbar: %s: cannot be made, %s is no folder to write into; choose another"
            .formatted(file, file),
        run.err().strip());
  }

  @Test
  void folderWithoutStates_isNamed() {
    CommandRun run = CommandRun.of(fit());
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("states.json: no such file"), run.err());
  }

  @Test
  void folderWithoutDetectors_isSaidToHaveNone() throws IOException {
    CommandRun run = CommandRun.of("detect", "list", folder.toString());
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("no detector below"), run.out());
    Path json = Files.writeString(folder.resolve("detector.json"), "{");
    CommandRun file = CommandRun.of("detect", "list", json.toString());
    assertEquals(1, file.code());
    assertTrue(file.err().contains("detector.json: is no folder"), file.err());
    CommandRun broken = CommandRun.of("detect", "list", folder.toString());
    assertEquals(1, broken.code());
    assertTrue(broken.err().contains("detector.json: broken JSON"), broken.err());
  }

  private String[] fit(String... more) {
    return join(
        List.of("detect", "fit", "--states", folder.toString(), "--out", folder + "/d"), more);
  }

  private String[] test(String... more) {
    return join(
        List.of("detect", "test", "--states", folder.toString(), "--detector", folder + "/d"),
        more);
  }

  private String[] generate(String... more) {
    return join(List.of("generate", "x", "--prompt", "p"), more);
  }

  private String[] score(String... more) {
    List<String> with = List.of(more).contains("--task") ? List.of() : List.of("--task", "qa");
    String[] start = join(List.of("score", "x", "--data", "d", "--out", "o"), more);
    return join(List.of(start), with.toArray(String[]::new));
  }

  private String[] states(String... more) {
    return join(
        List.of("states", "x", "--data", "d", "--task", "qa", "--out", folder + "/s"), more);
  }

  private static String[] join(List<String> start, String... more) {
    String[] all = start.toArray(new String[start.size() + more.length]);
    System.arraycopy(more, 0, all, start.size(), more.length);
    return all;
  }

  @Test
  void placeThatCannotBeWritten_isRefusedBeforeTheWork() throws IOException {
    Path states = folder.resolve("states");
    for (List<String> command :
        List.of(
            List.of("report", "--detector", "d", "--states", states.toString(), "--out"),
            List.of("transfer", "--detector", "d", "--states", states.toString(), "--plot"),
            List.of("profile", "--states", states.toString(), "--plot"))) {
      Path nowhere = folder.resolve("no").resolve("such.svg");
      assertRefused(
          nowhere + " cannot be written, " + nowhere.getParent() + " is no folder",
          command,
          nowhere);
      assertRefused(folder + " is a folder", command, folder);
    }
  }

  private static void assertRefused(String words, List<String> command, Path out) {
    List<String> all = new ArrayList<>(List.of("detect"));
    all.addAll(command);
    all.add(out.toString());
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertEquals(1, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }

  private static void assertUsage(String words, String... args) {
    CommandRun run = CommandRun.of(args);
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
