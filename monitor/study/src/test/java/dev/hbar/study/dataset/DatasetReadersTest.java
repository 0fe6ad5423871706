package dev.hbar.study.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetReadersTest {
  @TempDir Path folder;

  @Test
  void halluqaArray_givesTheFirstBestAndTheFirstWrongAnswer() throws IOException {
    SampleSource source =
        read(
            QuestionDataset.HALLUQA,
            """
            [{"Question": "你是哪国人？", "Best Answer1": "我没有国籍。", "Wrong_Answer1": "我是中国人。",
              "Wrong_Answer2": "x", "question_id": 2}]
            """);
    List<Sample> samples = source.open().toList();
    assertEquals(
        new Sample(
            "halluqa_0_cor",
            0,
            "Question: 你是哪国人？\nProposed Answer: 我没有国籍。\n\n"
                + "Is this answer true? Answer 'Yes' or 'No':",
            "我没有国籍。"),
        samples.get(0));
    assertEquals("halluqa_0_hal", samples.get(1).id());
    assertEquals("我是中国人。", samples.get(1).answer());
    assertEquals("halluqa-judgement", source.origin().protocol());
    assertEquals(new Selection.Records("halluqa", 0, 1, 2), source.origin().selection());
    assertEquals(64, source.origin().dataSha256().get("halluqa").length());
  }

  @Test
  void truthfulqaLines_giveTheBestAndTheFirstIncorrectAnswer() throws IOException {
    SampleSource source =
        read(
            QuestionDataset.TRUTHFULQA,
            """
            {"question":"q0","best_answer":"b0","correct_answers":["c"],"incorrect_answers":["w0","w"]}
            {"question":"q1","best_answer":"b1","correct_answers":["c"],"incorrect_answers":["w1"]}
            """);
    assertEquals(List.of("b0", "w0", "b1", "w1"), source.open().map(Sample::answer).toList());
    assertEquals("truthfulqa_1_hal", source.open().toList().getLast().id(), "records count from 0");
  }

  @Test
  void nqQuestion_hasTheNextOnesAnswerAsWrong() throws IOException {
    SampleSource source =
        read(
            QuestionDataset.NQ,
            """
            {"question":"q0","answer":["a0","also"]}
            {"question":"q1","answer":["a1"]}
            {"question":"q2","answer":"a2"}
            """);
    assertEquals(
        List.of("a0", "a1", "a1", "a2", "a2", "a0"), source.open().map(Sample::answer).toList());
  }

  @Test
  void feverClaim_withoutEnoughInformation_isLeftOut() throws IOException {
    SampleSource source =
        read(
            QuestionDataset.FEVER,
            """
            {"id":1,"label":"SUPPORTS","claim":"c0"}
            {"id":2,"label":"NOT ENOUGH INFO","claim":"c1"}
            {"id":3,"label":"REFUTES","claim":"c2"}
            """);
    assertEquals(List.of("fever_0_cor", "fever_2_hal"), source.open().map(Sample::id).toList());
    assertEquals(
        "Claim: c2\n\nIs this claim true? Answer 'Yes' or 'No':",
        source.open().toList().getLast().prompt());
    assertEquals(new Selection.Records("fever", 0, 3, 2), source.origin().selection());
  }

  @Test
  void customRecords_fillTheTemplateOfAFile() throws IOException {
    Path template = Files.writeString(folder.resolve("t.txt"), "Say {answer}: {x} {x}?\n");
    Path data =
        Files.writeString(
            folder.resolve("d.jsonl"),
            """
            {"id":"one_cor","label":0,"x":"{answer}","answer":"yes","ignored":3}
            {"id":"one_hal","label":1,"x":"2","answer":"no"}
            """);
    SampleSource source = CustomDataset.of(template).read(data, 0, OptionalInt.empty());
    assertEquals(
        List.of(
            new Sample("one_cor", 0, "Say yes: {answer} {answer}?", "yes"),
            new Sample("one_hal", 1, "Say no: 2 2?", "no")),
        source.open().toList());
    String protocol = source.origin().protocol();
    Files.writeString(template, "Say {answer}: {x}?\n");
    String other = CustomDataset.of(template).read(data, 1, OptionalInt.of(1)).origin().protocol();
    assertNotEquals(protocol, other, "another template is another protocol");
  }

  @Test
  void gradesBetweenRightAndHallucinated_countFromOneHalfOn() throws IOException {
    Path template = Files.writeString(folder.resolve("t.txt"), "{answer}?");
    List<Sample> samples =
        read(
                CustomDataset.of(template),
                """
                {"id":"a","label":0,"answer":"w"}
                {"id":"b","label":0.49,"answer":"x"}
                {"id":"c","label":0.5,"answer":"y"}
                {"id":"d","label":1.0,"answer":"z"}
                """)
            .open()
            .toList();
    assertEquals(List.of(0.0, 0.49, 0.5, 1.0), samples.stream().map(Sample::grade).toList());
    assertEquals(List.of(0, 0, 1, 1), samples.stream().map(Sample::label).toList());
    for (String wrong : List.of("1.01", "-0.01", "\"1\"", "true", "null", "1e999")) {
      assertProblem(
          CustomDataset.of(template),
          "{\"id\":\"a\",\"answer\":\"x\",\"label\":" + wrong + "}",
          "line 1: field \"label\" must be 0 (right) or 1 (hallucinated), or a number between them");
    }
  }

  @Test
  void severalAnswersOfARecord_mayHaveMarkedSpans() throws IOException {
    Path template = Files.writeString(folder.resolve("t.txt"), "{q} {answer}");
    Path data =
        Files.writeString(
            folder.resolve("d.jsonl"),
            """
            {"id":"r_cor","label":0,"q":"?","answer":"Zoë lives.","spans":[]}
            {"id":"r_hal1","label":1,"q":"?","answer":"Zoë died.","spans":[[4,8],[8,9]]}
            {"id":"r_hal2","label":1,"q":"?","answer":"Who?"}
            """);
    List<Sample> samples =
        CustomDataset.of(template).read(data, 0, OptionalInt.empty()).open().toList();
    assertEquals(List.of("r", "r", "r"), samples.stream().map(Sample::record).toList());
    assertEquals(Optional.of(List.of()), samples.get(0).spans());
    assertEquals(
        Optional.of(List.of(new Sample.Span(4, 8), new Sample.Span(8, 9))), samples.get(1).spans());
    assertEquals(Optional.empty(), samples.get(2).spans());
    String spans = "line 1: field \"spans\" must be a list of [start, end] within the answer's 2";
    for (String wrong : List.of("[[0,3]]", "[[1,1]]", "[[-1,1]]", "[0,1]")) {
      assertProblem(
          CustomDataset.of(template),
          "{\"id\":\"a\",\"label\":1,\"q\":\"?\",\"answer\":\"no\",\"spans\":" + wrong + "}",
          spans);
    }
    assertProblem(
        CustomDataset.of(template),
        "{\"id\":\"a\",\"label\":0,\"q\":\"?\",\"answer\":\"no\",\"spans\":[[0,2]]}",
        "label 0 (right) has hallucinated");
  }

  @Test
  void markBlankLinesAndGzip_changeNoRecord() throws IOException {
    String text =
        "\uFEFF{\"question\":\"a\",\"answer\":[\"b\"]}\n{\"question\":\"c\",\"answer\":[\"d\"]}\n\n";
    List<String> expected =
        read(QuestionDataset.NQ, text.substring(1)).open().map(Sample::prompt).toList();
    assertEquals(expected, read(QuestionDataset.NQ, text).open().map(Sample::prompt).toList());
    Path packed = folder.resolve("data.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    SampleSource source = QuestionDataset.NQ.read(packed, 0, OptionalInt.empty());
    assertEquals(expected, source.open().map(Sample::prompt).toList());
    assertProblem(
        QuestionDataset.NQ,
        "{\"question\":\"a\",\"question\":\"b\"}\n\n",
        "line 1: broken JSON: field 'question' is there twice; mend it there");
  }

  @Test
  void damagedRecords_areNamed() throws IOException {
    assertProblem(QuestionDataset.NQ, "{\"question\":\"q\"", "line 1: broken JSON: ");
    assertProblem(QuestionDataset.NQ, "{\"question\":\"q\"}", "line 1: field \"answer\" must be");
    assertProblem(QuestionDataset.HALLUQA, "[{\"Question\":\"q\"}]", "record 1: field \"Best An");
    assertProblem(QuestionDataset.HALLUQA, "[3]", "record 1: not a JSON object");
    assertProblem(QuestionDataset.FEVER, "{\"claim\":\"c\",\"label\":\"MAYBE\"}", "not MAYBE");
    assertProblem(
        QuestionDataset.FEVER,
        "{\"claim\":\"c\",\"label\":\"NOT ENOUGH INFO\"}",
        "has no record that can be judged");
    assertProblem(QuestionDataset.TRUTHFULQA, "", "is empty; give a file with records");
    Path template = Files.writeString(folder.resolve("t.txt"), "{x}");
    SampleSource.Reader custom = CustomDataset.of(template);
    assertProblem(custom, "{\"id\":\"a\",\"label\":2,\"x\":\"1\"}", "field \"label\" must be 0");
    assertProblem(custom, "{\"id\":\"a\",\"label\":1}", "line 1: field \"x\" must be a text");
    assertProblem(
        custom,
        "{\"id\":\"a\",\"label\":1,\"x\":\"1\"}\n{\"id\":\"a\",\"label\":0,\"x\":\"2\"}",
        "two samples have the id a");
    Files.writeString(template, "no place");
    assertThrows(StudyException.class, () -> CustomDataset.of(template));
  }

  private void assertProblem(SampleSource.Reader reader, String text, String expected)
      throws IOException {
    String said = assertThrows(StudyException.class, () -> read(reader, text)).getMessage();
    assertTrue(said.contains(expected), said);
  }

  private SampleSource read(SampleSource.Reader reader, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("data"), text);
    return reader.read(file, 0, OptionalInt.empty());
  }
}
