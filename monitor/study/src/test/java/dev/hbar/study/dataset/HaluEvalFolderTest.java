package dev.hbar.study.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaluEvalFolderTest {
  private static final Map<HaluEvalTask, String> RECORDS =
      Map.of(
          HaluEvalTask.QA,
          "{'knowledge':'k%d','question':'q','right_answer':'a','hallucinated_answer':'b'}",
          HaluEvalTask.DIALOGUE,
          "{'dialogue_history':'d%d','right_response':'a','hallucinated_response':'b'}",
          HaluEvalTask.SUMMARIZATION,
          "{'document':'t%d','right_summary':'a','hallucinated_summary':'b'}");

  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    for (HaluEvalTask task : HaluEvalTask.values()) {
      StringBuilder lines = new StringBuilder();
      for (int record = 0; record < 1700; record++) {
        lines.append(RECORDS.get(task).formatted(record).replace('\'', '"')).append('\n');
      }
      Files.writeString(file(task), lines);
    }
  }

  @Test
  void pairs_haveThePromptOfTheirRecord() {
    SampleSource source = source(Protocol.PAIRS_V1, 12);
    assertEquals(12, source.size());
    List<Draw.Pick> drawn = draw(Protocol.PAIRS_V1, 12).samples();
    List<Sample> samples = samples(source);
    assertEquals(drawn.stream().map(Draw.Pick::id).toList(), ids(samples));
    for (int i = 0; i < samples.size(); i++) {
      String context = "kdt".charAt(drawn.get(i).task().ordinal()) + "" + drawn.get(i).number();
      assertTrue(samples.get(i).prompt().contains(": " + context + "\n"), samples.get(i).prompt());
      assertTrue(samples.get(i).prompt().contains(i % 2 == 0 ? ": a\n" : ": b\n"));
      assertEquals(i % 2 == 0 ? "a" : "b", samples.get(i).answer());
    }
    assertEquals(samples, samples(source));
  }

  @Test
  void studyProtocol_leavesDialoguesEmptyAndNothingElse() {
    SampleSource source = source(Protocol.STUDY_2026_01, 60);
    for (Sample sample : samples(source)) {
      boolean dialogue = sample.id().startsWith("dialogue");
      assertEquals(dialogue, sample.prompt().startsWith("Dialogue: \nResponse: "), sample.prompt());
      assertEquals(!dialogue, sample.prompt().matches("(?s).*: [kt]\\d+\n.*"), sample.prompt());
    }
    Draw.Pick first = draw(Protocol.STUDY_2026_01, 60).samples().getFirst();
    assertTrue(first.recordIndex() != first.number(), "the study numbers its draws, not records");
  }

  @Test
  void origin_namesProtocolSetSeedAndEveryFile() {
    SampleSource.Origin origin = source(Protocol.PAIRS_V1, 12).origin();
    assertEquals("pairs-v1", origin.protocol());
    assertEquals(new Selection.Drawn("test", 12, 42), origin.selection());
    assertEquals(
        List.of("dialogue", "qa", "summarization"),
        origin.dataSha256().keySet().stream().sorted().toList());
  }

  @Test
  void missingOrAmbiguousFile_isNamed() throws IOException {
    Files.copy(file(HaluEvalTask.QA), folder.resolve("more_qa.json"));
    assertEquals(
        folder + ": has several files for qa: halueval_qa.jsonl, more_qa.json; leave one",
        refused());
    Files.delete(folder.resolve("more_qa.json"));
    Files.delete(file(HaluEvalTask.QA));
    assertEquals(folder + ": has no .json or .jsonl file with \"qa\" in its name", refused());
  }

  @Test
  void fileOfAnotherTaskUnderThisName_isRefusedByField() throws IOException {
    Files.copy(
        file(HaluEvalTask.DIALOGUE), file(HaluEvalTask.QA), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(
        file(HaluEvalTask.QA) + ", line 1: field \"knowledge\" is missing; is this a qa file?",
        refused());
  }

  private String refused() {
    return assertThrows(StudyException.class, () -> HaluEvalFolder.open(folder)).getMessage();
  }

  private Path file(HaluEvalTask task) {
    return folder.resolve("halueval_" + task.id() + ".jsonl");
  }

  private SampleSource source(Protocol protocol, int n) {
    return HaluEvalFolder.open(folder).samples(draw(protocol, n));
  }

  private Draw draw(Protocol protocol, int n) {
    return protocol.draw(HaluEvalFolder.open(folder).records(), Draw.Partition.TEST, n, 42);
  }

  private static List<Sample> samples(SampleSource source) {
    try (Stream<Sample> samples = source.open()) {
      return samples.toList();
    }
  }

  private static List<String> ids(List<Sample> samples) {
    return samples.stream().map(Sample::id).toList();
  }
}
