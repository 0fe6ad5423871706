package dev.hbar.study;

import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.Mutants;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.dataset.CustomDataset;
import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.parity.ReferenceFile;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file that this module reads, damaged. */
class DamagedFilesTest {
  private static final Path PUBLISHED = Path.of("../../calibrated_params");
  private static final String DETECTOR = "detectors/SmolLM2-135M-Instruct-4bit-dialogue";
  private static final String INDEX_LINE =
      "{\"row\":%s,\"token_row\":0,\"id\":\"own_%s_cor\",\"label\":%s,\"task\":\"own\",\"record\":\"r%s\",\"prompt_tokens\":9,\"answer_tokens\":9,"
          + "\"text\":{\"chars\":50,\"words\":9,\"last\":\".\",\"overlap\":0.5},\"signals\":{\"logprob_mean\":-0.5},\"error\":\"\"}\n";

  private static final String STATES_HEADER =
      """
      {"checkpoint": "c", "checkpoint_sha256": "s", "data_sha256": {"own": "d"}, "protocol": "p",
       "selection": {"dataset": "own", "skip": 0, "records": 1, "samples": 2}, "samples": 2,
       "points": ["block.0"], "positions": ["mean-answer"],
       "hidden": 3, "layers": 2, "dtype": "float32", "alpha": 0.1, "compute": "cpu", "versions": {}}
      """;

  @TempDir private Path folder;

  private Path scores() {
    Path file = folder.resolve("scores.jsonl");
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(TestRuns.score(TestRuns.source(8).open().toList()));
    }
    return file;
  }

  private Path published(String name) throws IOException {
    return Files.copy(PUBLISHED.resolve(name), folder.resolve(Path.of(name).getFileName()));
  }

  @Test
  void scoreFile_isReadOrRefused() throws IOException {
    Path file = scores();
    Mutants.refused(file, 3000, damaged -> ScoreFile.read(damaged));
    Mutants.refused(file, 3000, damaged -> ScoreInput.read(damaged));
  }

  @Test
  void scoreFileThatIsResumed_isReadOrRefused() throws IOException {
    Mutants.refused(
        scores(),
        3000,
        damaged -> {
          try (RunJournal journal = RunJournal.open(damaged, TestRuns.header())) {
            journal.recorded().forEach(score -> score.id());
          }
        });
  }

  @Test
  void scoresOfThePublishedForm_areReadOrRefused() throws IOException {
    Path file =
        Files.copy(
            Path.of("src/test/resources/study/llama-3.2-3b_validation_n500.json"),
            folder.resolve("published.json"));
    Mutants.refused(file, 2000, damaged -> ScoreInput.read(damaged));
  }

  @Test
  void parameters_areReadOrRefused() throws IOException {
    Path file = published("SmolLM2-135M-Instruct-4bit.json");
    Mutants.refused(
        file,
        4000,
        damaged -> {
          Parameters parameters = Parameters.read(damaged);
          parameters.thresholdTooLax("hbar");
          parameters.jointRisk();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "1e999", "-1e999", "\"x\"", "null"})
  void parameterThatIsNoNumber_isNeitherReadNorWritten(String value) throws IOException {
    Path file = published("SmolLM2-135M-Instruct-4bit.json");
    Parameters sound = Parameters.read(file);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("(\"tau_hbar\"\\s*:) *[-0-9.eE]+", "$1 " + value));
    String message = assertThrows(StudyException.class, () -> Parameters.read(file)).getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertEquals(1, message.lines().count(), message);
    Path unwritten = folder.resolve("unwritten.json");
    String refused =
        assertThrows(StudyException.class, () -> withTauOf(NaN, sound).write(unwritten))
            .getMessage();
    assertTrue(refused.contains("tau_hbar") && refused.contains("unwritten.json"), refused);
    assertFalse(Files.exists(unwritten));
  }

  /** Found by fuzzing: one of the samples that the parameters carry had a signal less. */
  @Test
  void parametersWithASampleThatLacksASignal_areRefusedByItsId() throws IOException {
    Path file = published("SmolLM2-135M-Instruct-4bit.json");
    ObjectNode document = (ObjectNode) new ObjectMapper().readTree(Files.readString(file));
    document.remove("sum");
    JsonNode second = document.withArray("scores_by_sample").get(1);
    ((ObjectNode) second).remove("pri");
    Files.writeString(file, document.toString());
    String message = assertThrows(StudyException.class, () -> Parameters.read(file)).getMessage();
    String id = second.get("sample_id").asText();
    assertTrue(message.startsWith(file + ": sample " + id + " has other signals than "), message);
  }

  private static Parameters withTauOf(double tau, Parameters sound) {
    try {
      List<Object> values = new ArrayList<>();
      for (RecordComponent part : Parameters.class.getRecordComponents()) {
        boolean other = part.getName().equals("tauHbar");
        values.add(other ? tau : part.getAccessor().invoke(sound));
      }
      return (Parameters) Parameters.class.getConstructors()[0].newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"selection", "checkpoint", "data_sha256", "settings", "versions", "protocol"})
  void scoreHeaderWithoutAPart_isOneLineThatNamesIt(String part) throws IOException {
    Path file = scores();
    List<String> lines = Files.readAllLines(file);
    ObjectNode header = (ObjectNode) new ObjectMapper().readTree(lines.getFirst());
    header.remove("sum");
    ((ObjectNode) header.get("header")).remove(part);
    Files.writeString(file, header + "\n");
    String message = assertThrows(StudyException.class, () -> ScoreFile.read(file)).getMessage();
    assertTrue(
        message.contains(file + ", line 1: header without \"" + part + "\"; make the file again"),
        message);
    assertEquals(1, message.lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tru\u0003", "\u001b[2J", "{\"a\": \u009b}"})
  void controlCharacterInBrokenJson_isNotRepeatedInTheMessage(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("result.json"), text);
    String message = assertThrows(StudyException.class, () -> ResultFile.read(file)).getMessage();
    assertTrue(Mutants.isOneLine("result.json", message), message);
  }

  @Test
  void resultFile_isReadOrRefused() throws IOException {
    Path file = folder.resolve("result.json");
    ResultFile.write(
        file, new TreeMap<>(Map.of("a", List.of(1, 2.5, "x"), "b", List.of(-0.5, true))));
    Mutants.refused(file, 2000, damaged -> ResultFile.read(damaged));
  }

  @Test
  void detector_isReadOrRefused() throws IOException {
    Path json = published(DETECTOR + "/detector.json");
    Path tensors = published(DETECTOR + "/detector.safetensors");
    Mutants.refused(json, 3000, damaged -> Detector.read(folder));
    Mutants.refused(json, 3000, damaged -> new DetectorFolder(folder).report());
    Mutants.refused(tensors, 400, damaged -> Detector.read(folder));
    Mutants.refused(tensors, 400, damaged -> new DetectorFolder(folder).scorer());
  }

  @Test
  void statesFolder_isReadOrRefused() throws IOException {
    Path tensors = folder.resolve("states.safetensors");
    SafetensorsWriter.write(
        tensors,
        Map.of(),
        List.of(
            new TensorToWrite(
                "block.0.mean-answer",
                DType.FLOAT32,
                List.of(4, 3),
                channel -> channel.write(ByteBuffer.allocate(48)))));
    Path header = Files.writeString(folder.resolve("states.json"), STATES_HEADER);
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, 4).forEach(i -> lines.append(INDEX_LINE.formatted(i, i / 2, i % 2, i / 2)));
    Path index = Files.writeString(folder.resolve("index.jsonl"), lines);
    for (Path each : List.of(tensors, header, index)) {
      Mutants.refused(
          each,
          2000,
          damaged -> {
            StatesFolder states = StatesFolder.open(folder);
            DetectionData.of(states);
            assertEquals(
                states.rows().size(), states.states("block.0", StatePosition.MEAN_ANSWER).length);
          });
    }
  }

  private void assertRefused(DType type, List<Integer> shape, float value, String fault)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN).putFloat(44, value);
    for (String name : List.of("block.0.mean-answer", "weights")) {
      Path file =
          folder.resolve(name.equals("weights") ? "detector.safetensors" : "states.safetensors");
      SafetensorsWriter.write(
          file,
          Map.of(),
          List.of(new TensorToWrite(name, type, shape, c -> c.write(bytes.duplicate()))));
    }
    StatesFolder states = new StatesFolder(folder, null, List.of(), 0);
    String message =
        assertThrows(HbarException.class, () -> states.states("block.0", StatePosition.MEAN_ANSWER))
            .getMessage();
    assertTrue(message.contains(fault) && message.contains("states.safetensors"), message);
    if (shape.size() == 1) {
      String other =
          assertThrows(HbarException.class, () -> new DetectorFolder(folder).scorer()).getMessage();
      assertTrue(other.contains("detector.safetensors"), other);
    }
  }

  @Test
  void numbersThatAreNoStates_areRefused() throws IOException {
    assertRefused(DType.FLOAT32, List.of(12), Float.NaN, "no matrix");
    assertRefused(DType.INT32, List.of(4, 3), 1, "no matrix");
    assertRefused(DType.FLOAT32, List.of(4, 3), Float.POSITIVE_INFINITY, "not finite");
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "null, 0"})
  void indexLineOfNoSample_isRefused(String row, String label) throws IOException {
    Files.writeString(folder.resolve("states.json"), STATES_HEADER);
    String line = INDEX_LINE.formatted(row, 1, label, 1);
    Files.writeString(folder.resolve("index.jsonl"), row.equals("null") ? "null\n" : line);
    String message =
        assertThrows(HbarException.class, () -> StatesFolder.open(folder)).getMessage();
    assertTrue(message.contains("index.jsonl: has a broken line"), message);
  }

  @Test
  void reference_isReadOrRefused() throws IOException {
    Path file = folder.resolve("reference.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(
            "engine",
            "transformers",
            "dtype",
            "float32",
            "positions",
            "all",
            "prompt_ids",
            "1, 2, 3"),
        List.of(
            new TensorToWrite(
                "tokens", DType.INT32, List.of(2), c -> c.write(ByteBuffer.allocate(8))),
            new TensorToWrite(
                "logits", DType.FLOAT32, List.of(2, 4), c -> c.write(ByteBuffer.allocate(32))),
            new TensorToWrite(
                "point.block.0.output",
                DType.FLOAT32,
                List.of(2, 4),
                c -> c.write(ByteBuffer.allocate(32)))));
    Mutants.refused(
        file,
        500,
        damaged -> {
          ReferenceFile reference = ReferenceFile.read(damaged);
          reference.dtype();
          reference.rope();
          reference.steps();
          reference.needsOnePass();
        });
  }

  @Test
  void dataAndPrompts_areReadOrRefused() throws IOException {
    Path template = Files.writeString(folder.resolve("prompt.txt"), "Q: {question}\nA: {answer}\n");
    Path data = folder.resolve("data.jsonl");
    StringBuilder records = new StringBuilder();
    IntStream.range(0, 12)
        .forEach(
            i ->
                records.append(
                    "{\"id\":\"a%s\",\"label\":%s,\"question\":\"What?\",\"answer\":\"c d\"}\n"
                        .formatted(i, i % 2)));
    Files.writeString(data, records);
    Mutants.refused(
        data,
        900,
        damaged -> {
          try (var samples =
              CustomDataset.of(template).read(damaged, 0, OptionalInt.empty()).open()) {
            samples.forEach(sample -> sample.id());
          }
        });
    Mutants.refused(template, 26, damaged -> CustomDataset.of(damaged));
  }
}
