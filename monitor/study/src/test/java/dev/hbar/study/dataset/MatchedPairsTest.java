package dev.hbar.study.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchedPairsTest {
  @TempDir Path folder;

  @Test
  void lengthsATenthApart_areMatchedAndNoMore() {
    assertTrue(Sample.alike("123456789.", "12345678."), "9 of 10");
    assertFalse(Sample.alike("123456789.", "1234567."), "8 of 10");
    assertTrue(Sample.alike(" 12. ", "34."), "blanks around do not count");
    assertFalse(Sample.alike("12345.", "12345"), "another ending");
    assertFalse(Sample.alike("", ""), "nothing to end with");
  }

  @Test
  void firstPairsOnly_areTakenWithBothAnswers() {
    List<Sample> samples =
        List.of(
            sample("qa_0_cor", "one."),
            sample("qa_0_hal", "a long one."),
            sample("qa_1_cor", "two."),
            sample("qa_1_hal", "six."),
            sample("qa_2_cor", "ten."),
            sample("qa_2_hal", "one."),
            sample("qa_3_cor", "ten."),
            sample("qa_3_hal", "one."));
    SampleSource two = source(samples).matchedPairs(2);
    assertEquals(
        List.of("qa_1_cor", "qa_1_hal", "qa_2_cor", "qa_2_hal"),
        two.open().map(Sample::id).toList());
    assertEquals(4, two.origin().selection().samples());
    assertThrows(StudyException.class, () -> source(samples.subList(0, 2)).matchedPairs(2));
  }

  @Test
  void wordedTask_knowsWhereTheAnswerStands() throws Exception {
    Path template = Files.writeString(folder.resolve("t.txt"), "{knowledge}|{response}|yes?\n");
    Path data =
        Files.writeString(
            folder.resolve("d.jsonl"),
            """
            {"knowledge": "yes?", "right_response": "yes?", "hallucinated_response": "no"}
            """);
    SampleSource.Reader task = HaluEvalTask.DIALOGUE.withPrompt(template);
    List<Sample> samples = task.read(data, 0, OptionalInt.empty()).open().toList();
    assertEquals(new Sample("dialogue_0_cor", 0, "yes?|yes?|yes?", "yes?", 5), samples.get(0));
    assertEquals(new Sample("dialogue_0_hal", 1, "yes?|no|yes?", "no", 5), samples.get(1));
    assertEquals("dialogue_0", samples.get(1).record());
  }

  @Test
  void answerThatIsNotThere_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Sample("a_0_cor", 0, "prompt", "answer", 2));
  }

  private static SampleSource source(List<Sample> samples) {
    return new SampleSource.InMemory(
        new SampleSource.Origin(Map.of(), "test", new Selection.Records("qa", 0, 4, 8)), samples);
  }

  private static Sample sample(String id, String answer) {
    return new Sample(id, id.endsWith("_hal") ? 1 : 0, "Q: " + answer, answer);
  }
}
