package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hbar.model.io.JsonSum;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJournalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("scores.jsonl");
  }

  @Test
  void newFile_startsWithItsHeader() throws IOException {
    write(0);
    assertEquals(
        "{\"header\":{\"checkpoint\":\"tiny\",\"checkpoint_sha256\":\"a1\","
            + "\"data_sha256\":{\"qa\":\"d1\"},\"protocol\":\"halueval-judgement\","
            + "\"selection\":{\"task\":\"qa\",\"skip\":0,\"records\":5},"
            + "\"settings\":{\"max_tokens\":20,\"alpha\":0.1,\"per_token\":true,\"group_size\":4,"
            + "\"compute\":\"cpu float32\",\"signals\":[\"hbar\"]},\"versions\":{\"hbar\":\"0.1.0\",\"mlx\":\"0.32.2\"}}}\n",
        withoutSums(Files.readString(file)));
  }

  @Test
  void scoreLines_haveTheContractsFieldsInOrder() throws IOException {
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      Map<Signal, Double> scores =
          TokenSignals.scores(List.of(new TokenSignals(7, 2, 8, 0.5, 1, 1e-7, 1.25)));
      scores.remove(Signal.PERPLEXITY);
      journal.append(
          List.of(
              SampleScore.Scored.of(
                  "qa_0_cor", 0, 9, OptionalInt.of(3), 20, "length", scores, List.of()),
              new SampleScore.Failed("qa_0_hal", 1, "non-finite \"logits\"\n at step 3")));
    }
    assertEquals(
        List.of(
            "{\"id\":\"qa_0_cor\",\"label\":0,\"status\":\"ok\",\"prompt_tokens\":9,"
                + "\"answer_tokens\":3,\"new_tokens\":20,\"stop\":\"length\",\"hbar\":2.0,\"pri\":1.25,"
                + "\"surprise\":1.0,\"dmu\":8.0,\"dsigma\":0.5,\"dh\":1.0E-7}",
            "{\"id\":\"qa_0_hal\",\"label\":1,\"status\":\"error\","
                + "\"error\":\"non-finite \\\"logits\\\" at step 3\"}"),
        withoutSums(Files.readString(file)).lines().toList().subList(1, 3));
  }

  @Test
  void furtherSignals_followTheStudysInTheirOrderAndReadBack() throws IOException {
    Map<Signal, Double> drifts = new LinkedHashMap<>();
    DistributionSignals.ALL.forEach(signal -> drifts.put(signal, 0.5 + drifts.size()));
    drifts.put(Signal.drift(9), 0.25);
    List<TokenSignals> tokens =
        List.of(
            TokenSignals.of(3, 8, 0.5, 2, 0, 0.1).with(drifts),
            TokenSignals.of(4, 8, 0.5, 1, 0, 0.1).with(drifts));
    SampleScore score =
        SampleScore.of(TestRuns.sample(0), 9, OptionalInt.empty(), "eos", tokens, Map.of(), true);
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(List.of(score));
    }
    String line = Files.readAllLines(file).get(1);
    assertTrue(
        line.contains(
            "\"dh\":0.0,\"perplexity\":1.5,\"entropy_mean\":0.5,\"entropy_max\":0.5,"
                + "\"max_prob\":1.5,\"margin\":2.5,\"renyi\":3.5,\"fisher_rao\":4.5,"
                + "\"self_certainty\":5.5,\"topk_negentropy\":6.5,\"boosted_prob\":7.5,"),
        line);
    assertTrue(line.contains(",\"drift_9\":0.25,\"tokens\":["), line);
    assertTrue(line.endsWith(",\"drift_9\":0.25}]}"), line);
    assertEquals(List.of(score), ScoreFile.read(file).scores());
    List<String> names = new ArrayList<>(((SampleScore.Scored) score).values().keySet());
    names.removeAll(List.of("prompt_tokens", "new_tokens"));
    assertEquals(Signal.scores(List.of(9)).stream().map(Signal::id).toList(), names);
  }

  @Test
  void furtherSignalThatIsNoNumber_isRefusedByName() throws IOException {
    write(1);
    String odd = Files.readString(file).replace("\"hbar\":", "\"odd\":\"x\",\"hbar\":");
    Files.writeString(file, withoutSums(odd));
    StudyException e = assertThrows(StudyException.class, () -> ScoreFile.read(file));
    assertTrue(e.getMessage().contains("field \"odd\" must be a finite number"), e.getMessage());
  }

  @Test
  void headerOfAnotherVersion_isRefused() throws IOException {
    write(2);
    String old = withoutSums(Files.readString(file)).replace(",\"signals\":[\"hbar\"]", "");
    Files.writeString(file, old);
    refused(", line 1: header of another version; make the file again", TestRuns.header());
  }

  @Test
  void tokenRows_haveTheContractsFieldsInOrder() throws IOException {
    write(1);
    String line = Files.readAllLines(file).get(1);
    assertTrue(line.contains("\"tokens\":[{\"token\":3,\"hbar\":"), line);
    assertTrue(
        line.matches(
            ".*\\{\"token\":4,\"hbar\":\\S+,\"dmu\":\\S+,\"dsigma\":0.5,\"surprise\":\\S+,"
                + "\"dh\":0.1,\"pri\":\\S+}]}"),
        line);
  }

  @Test
  void whatIsWritten_readsBackEqual() {
    write(9);
    assertEquals(scores(0, 9), ScoreFile.read(file).scores());
    assertEquals(TestRuns.header(), ScoreFile.read(file).header());
  }

  @Test
  void grade_isWrittenBesideTheLabelAndReadBack() {
    SampleScore.Failed between = new SampleScore.Failed("a_cor", 0.25, "too long");
    String line = ScoreLines.write(between);
    assertTrue(line.contains("\"label\":0,\"grade\":0.25,\"status\""), line);
    assertEquals(between, new ScoreLines(file).score(2, line));
    assertFalse(ScoreLines.write(new SampleScore.Failed("a", 1, "x")).contains("grade"));
  }

  @Test
  void sampleWithNaN_isAnErrorWithoutNumbers() {
    write(9);
    List<SampleScore> failed =
        ScoreFile.read(file).scores().stream()
            .filter(SampleScore.Failed.class::isInstance)
            .toList();
    assertFalse(failed.isEmpty());
    String error = ((SampleScore.Failed) failed.getFirst()).error();
    assertTrue(error.startsWith("non-finite dmu at step 1: "), error);
    assertThrows(
        IllegalArgumentException.class,
        () -> new SampleScore.Scored("qa_0_cor", 0, Map.of("hbar", Double.NaN)));
  }

  @Test
  void fileOfTheSameRun_isResumed() {
    write(4);
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      assertEquals(scores(0, 4), journal.recorded());
      journal.append(scores(4, 6));
    }
    assertEquals(6, ScoreFile.read(file).scores().size());
  }

  @Test
  void tornLastLine_isCutOffAtEveryLength() throws IOException {
    write(2);
    byte[] whole = Files.readAllBytes(file);
    int header = ScoreLines.write(TestRuns.header()).length() + 1;
    for (int cut = 0; cut < whole.length; cut += cut < header ? 11 : 37) {
      Files.write(file, Arrays.copyOf(whole, cut));
      try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
        journal.append(scores(0, 2).subList(journal.recorded().size(), 2));
      }
      assertArrayEquals(whole, Files.readAllBytes(file), "cut at " + cut);
    }
  }

  @Test
  void fileOfAnotherCheckpoint_isRefusedByFieldAndLeftAlone() throws IOException {
    write(2);
    byte[] before = Files.readAllBytes(file);
    refused(
        "is of another run: checkpoint_sha256 is \"a1\" there and \"b2\" here",
        TestRuns.header("b2", 20));
    refused(
        "is of another run: settings.max_tokens is 20 there and 9 here", TestRuns.header("a1", 9));
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void fileThatIsNoScoreFile_isRefusedAndLeftAlone() throws IOException {
    for (String text : List.of("notes", "notes\n", "{\"header\": 1}\n", "[]\n")) {
      Files.writeString(file, text);
      refused("scores.jsonl", TestRuns.header());
      assertEquals(text, Files.readString(file));
    }
  }

  @Test
  void brokenMiddleLine_isRefusedWithItsNumber() throws IOException {
    write(3);
    List<String> lines = Files.readAllLines(file);
    Files.writeString(
        file, lines.get(0) + "\n" + lines.get(1).substring(0, 40) + "\n" + lines.get(2) + "\n");
    refused(", line 2: its checksum does not fit", TestRuns.header());
  }

  @Test
  void sameIdTwice_isRefusedWithBothLines() throws IOException {
    write(3);
    String second = Files.readAllLines(file).get(2);
    Files.writeString(file, second + "\n", StandardOpenOption.APPEND);
    refused(", line 5: id qa_0_hal is already in line 3; remove one of them", TestRuns.header());
  }

  @Test
  void alteredValues_areRefusedWithTheirField() throws IOException {
    write(1);
    String good = Files.readString(file);
    altered(good, "\"label\":0", "\"label\":2", "label must be 0 or 1, not 2; score again");
    altered(
        good, "\"label\":0", "\"label\":0,\"grade\":0.5", "grade must be from 0 to 1 and of label");
    altered(good, "\"label\":0", "\"label\":0,\"grade\":-0.1", "grade must be from 0 to 1");
    altered(good, "\"status\":\"ok\"", "\"status\":\"fine\"", "status must be");
    altered(good, "\"prompt_tokens\":11", "\"prompt_tokens\":\"11\"", "\"prompt_tokens\" must be");
    altered(good, "\"new_tokens\":2", "\"new_tokens\":3", "2 tokens where new_tokens is 3");
    altered(good, "\"dsigma\":0.375", "\"dsigma\":1e999", "\"dsigma\" must be a finite number");
    altered(good, "\"pri\":", "\"odd\":", "sample qa_0_cor: field \"pri\" must be a finite");
    altered(good, "{\"token\":4,\"hbar\":", "{\"token\":4,\"odd\":", ": field \"hbar\" must be");
  }

  @Test
  void lineSums_areTheCrc32cOfTheRest() throws IOException {
    // Reckoned bit by bit in Python with the reflected polynomial 82f63b78.
    assertEquals("{\"sum\":\"91a01e5a\",\"id\":\"ħ\"}", JsonSum.summed("{\"id\":\"ħ\"}"));
    write(3);
    for (String line : Files.readAllLines(file)) {
      assertTrue(JsonSum.fits(line), line);
    }
  }

  @Test
  void anyChangedDigit_isRefusedByItsLine() throws IOException {
    write(2);
    String good = Files.readString(file);
    int third = good.indexOf('\n', good.indexOf('\n') + 1) + 1;
    for (int i = third; i < good.length() - 1; i++) {
      if (Character.isDigit(good.charAt(i))) {
        char other = good.charAt(i) == '7' ? '8' : '7';
        Files.writeString(file, good.substring(0, i) + other + good.substring(i + 1));
        String message =
            assertThrows(StudyException.class, () -> ScoreFile.read(file)).getMessage();
        assertTrue(message.contains(", line 3: its checksum does not fit"), message);
      }
    }
    refused(", line 3: its checksum does not fit", TestRuns.header());
  }

  @Test
  void lineWithoutSum_isOnlyReadBelowAHeaderWithoutSum() throws IOException {
    write(2);
    String[] lines = Files.readString(file).split("\n");
    Files.writeString(file, lines[0] + "\n" + withoutSums(lines[1]) + "\n" + lines[2] + "\n");
    refused(", line 2: its checksum does not fit", TestRuns.header());
    Files.writeString(file, withoutSums(lines[0] + "\n" + lines[1]) + "\n" + lines[2] + "\n");
    assertEquals(scores(0, 2), ScoreFile.read(file).scores());
  }

  @Test
  void scoreNearTheLargestNumber_isRefusedByName() throws IOException {
    write(2);
    String huge =
        Files.readString(file).replaceAll("\"pri\":[^,}]+,\"surprise", "\"pri\":1e308,\"surprise");
    Files.writeString(file, withoutSums(huge));
    String message = assertThrows(StudyException.class, () -> ScoreInput.read(file)).getMessage();
    assertTrue(message.contains("\"pri\" is 1.0E308"), message);
  }

  @Test
  void secondWriter_isRefusedWhileTheFirstIsOpen() {
    try (RunJournal first = RunJournal.open(file, TestRuns.header())) {
      refused("is being written by process " + ProcessHandle.current().pid(), TestRuns.header());
      first.append(scores(0, 1));
    }
    write(1);
    assertFalse(Files.exists(folder.resolve("scores.jsonl.pid")));
  }

  @Test
  void folderThatIsMissing_isRefused() {
    Path lost = folder.resolve("none").resolve("scores.jsonl");
    StudyException e =
        assertThrows(StudyException.class, () -> RunJournal.open(lost, TestRuns.header()));
    assertTrue(e.getMessage().contains("cannot be opened for writing"), e.getMessage());
  }

  @Test
  void device_isRefusedInOneLineThatNamesIt() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has /dev/full");
    StudyException e =
        assertThrows(StudyException.class, () -> RunJournal.open(full, TestRuns.header()));
    assertEquals("/dev/full: is not a regular file; scores are kept in one", e.getMessage());
  }

  private static String withoutSums(String lines) {
    return lines.replaceAll("\"sum\":\"[0-9a-f]{8}\",", "");
  }

  private void altered(String good, String from, String to, String expected) throws IOException {
    assertTrue(good.contains(from), good);
    Files.writeString(file, withoutSums(good.replace(from, to)));
    refused(", line 2: ", TestRuns.header());
    refused(expected, TestRuns.header());
  }

  private void refused(String expected, ScoreFile.Header header) {
    StudyException e = assertThrows(StudyException.class, () -> RunJournal.open(file, header));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  /** Adds samples until the file has this many. */
  private void write(int samples) {
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(scores(journal.recorded().size(), samples));
    }
  }

  private static List<SampleScore> scores(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(index -> TestRuns.score(List.of(TestRuns.sample(index))).getFirst())
        .toList();
  }
}
