package dev.hbar.study.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaluEvalFileTest {
  @TempDir Path folder;

  @Test
  void qaRecord_givesTheTwoPromptsOfTheStudy() throws IOException {
    List<Sample> samples = samples(HaluEvalTask.QA, qa("K {x} $1", "Q?", "A\\n", "B"));
    assertEquals(
        "Context: K {x} $1\nQuestion: Q?\nProposed Answer: A\n\n\n"
            + "Is this answer faithful to the context? Answer 'Yes' or 'No':",
        samples.get(0).prompt());
    assertEquals(new Sample("qa_0_hal", 1, samples.get(1).prompt(), "B"), samples.get(1));
    assertTrue(samples.get(1).prompt().contains("Proposed Answer: B\n\nIs this"));
    assertEquals("qa_0_cor", samples.get(0).id());
    assertEquals(0, samples.get(0).label());
  }

  @Test
  void dialogueRecord_usesTheDialogueHistory() throws IOException {
    String line =
        """
        {"knowledge":"k","dialogue_history":"H","right_response":"R","hallucinated_response":"X"}
        """;
    assertEquals(
        "Dialogue: H\nResponse: R\n\nIs this response appropriate and factual given the dialogue?"
            + " Answer 'Yes' or 'No':",
        samples(HaluEvalTask.DIALOGUE, line).getFirst().prompt());
  }

  @Test
  void summarizationRecord_givesThePromptOfTheStudy() throws IOException {
    String line =
        """
        {"document":"D","right_summary":"R","hallucinated_summary":"X"}
        """;
    assertEquals(
        "Document: D\nSummary: X\n\nIs this summary faithful to the document?"
            + " Answer 'Yes' or 'No':",
        samples(HaluEvalTask.SUMMARIZATION, line).get(1).prompt());
  }

  @Test
  void skipAndLimit_countRecordsAndKeepTheirIndex() throws IOException {
    Path file = write(qa("k0") + qa("k1") + qa("k2") + qa("k3"));
    SampleSource slice = HaluEvalTask.QA.read(file, 1, OptionalInt.of(2));
    assertEquals(4, slice.size());
    assertEquals(List.of("qa_1_cor", "qa_1_hal", "qa_2_cor", "qa_2_hal"), ids(slice));
    assertEquals(ids(slice), ids(slice), "a source can be opened again");
  }

  @Test
  void limitBeyondTheEnd_givesTheRest() throws IOException {
    Path file = write(qa("k0") + qa("k1"));
    assertEquals(2, HaluEvalTask.QA.read(file, 1, OptionalInt.of(9)).size());
  }

  @Test
  void markBlankLinesAndGzip_changeNoRecord() throws IOException {
    byte[] odd = ("\uFEFF" + qa("k0") + qa("k1") + "\n  \r\n\n").getBytes(StandardCharsets.UTF_8);
    Path plain = Files.write(folder.resolve("odd.jsonl"), odd);
    Path packed = folder.resolve("odd.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(odd);
    }
    for (Path file : List.of(plain, packed)) {
      SampleSource source = HaluEvalTask.QA.read(file, 1, OptionalInt.empty());
      assertEquals(List.of("qa_1_cor", "qa_1_hal"), ids(source));
      assertEquals(
          HexFormat.of().formatHex(sha256(Files.readAllBytes(file))),
          source.origin().dataSha256().get("qa"));
    }
    byte[] cut = Arrays.copyOf(Files.readAllBytes(packed), (int) Files.size(packed) - 12);
    Files.write(packed, cut);
    assertTrue(
        assertThrows(
                StudyException.class, () -> HaluEvalTask.QA.read(packed, 0, OptionalInt.empty()))
            .getMessage()
            .contains("cannot be read"));
  }

  @Test
  void hash_isThatOfTheWholeFile() throws IOException {
    Path file = write(qa("k0"));
    byte[] bytes = Files.readAllBytes(file);
    String expected = HexFormat.of().formatHex(sha256(bytes));
    assertEquals(expected, all(file).origin().dataSha256().get("qa"));
  }

  @Test
  void skipBeyondTheEnd_isRefused() throws IOException {
    Path file = write(qa("k0"));
    refused("has 1 records, skipping 1 leaves none; skip fewer", file, 1);
  }

  @Test
  void emptyFile_isRefused() throws IOException {
    refused(": is empty; give a file with records", write(""), 0);
  }

  @Test
  void missingFile_isRefused() {
    refused(": no such file; check its name", folder.resolve("none.jsonl"), 0);
  }

  @Test
  void brokenJson_namesItsLine() throws IOException {
    refused(", line 2: broken JSON", write(qa("k0") + "{\"knowledge\": \"x\", \n"), 0);
  }

  @Test
  void halfALastLine_namesItsLine() throws IOException {
    refused(", line 2: broken JSON", write(qa("k0") + qa("k1").substring(0, 30)), 0);
  }

  @Test
  void emptyLine_isRefused() throws IOException {
    refused(", line 2: not a JSON object", write(qa("k0") + "\n" + qa("k1")), 0);
  }

  @Test
  void missingField_namesLineFieldAndTask() throws IOException {
    refused(
        ", line 1: field \"question\" is missing; is this a qa file?",
        write("{\"knowledge\":\"k\"}\n"),
        0);
  }

  @Test
  void fieldThatIsNoText_isRefused() throws IOException {
    refused("field \"knowledge\" is not a text", write("{\"knowledge\": null}\n"), 0);
  }

  @Test
  void sameRecordTwice_namesBothLines() throws IOException {
    refused(", line 3: the same record as line 1", write(qa("k0") + qa("k1") + qa("k0")), 0);
  }

  @Test
  void sameKeyTwice_isRefused() throws IOException {
    refused(
        "broken JSON: field 'knowledge' is there twice; mend the line",
        write("{\"knowledge\":\"a\",\"knowledge\":\"b\"}\n"),
        0);
  }

  @Test
  void bytesThatAreNotUtf8_areRefused() throws IOException {
    Path file = folder.resolve("latin1.jsonl");
    Files.write(file, new byte[] {'{', '"', (byte) 0xe9, '"', '}', '\n'});
    refused("not UTF-8", file, 0);
  }

  private void refused(String expected, Path file, int skip) {
    StudyException e =
        assertThrows(
            StudyException.class, () -> HaluEvalTask.QA.read(file, skip, OptionalInt.empty()));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  private List<Sample> samples(HaluEvalTask task, String lines) throws IOException {
    SampleSource slice = task.read(write(lines), 0, OptionalInt.empty());
    try (Stream<Sample> samples = slice.open()) {
      return samples.toList();
    }
  }

  private static List<String> ids(SampleSource slice) {
    try (Stream<Sample> samples = slice.open()) {
      return samples.map(Sample::id).toList();
    }
  }

  private static SampleSource all(Path file) {
    return HaluEvalTask.QA.read(file, 0, OptionalInt.empty());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("data.jsonl"), text);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String qa(String knowledge) {
    return qa(knowledge, "q", "right", "wrong");
  }

  private static String qa(String knowledge, String question, String right, String wrong) {
    return "{\"knowledge\":\"%s\",\"question\":\"%s\",\"right_answer\":\"%s\",\"hallucinated_answer\":\"%s\"}\n"
        .formatted(knowledge, question, right, wrong);
  }
}
