package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show what is inside: trace and inspect. */
@NativeTest
class StateCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void traceFiles_holdEveryStepOfTheReference() throws Exception {
    Fixture fixture = Fixture.named("embedding_8_in_4");
    String ids =
        Arrays.stream(fixture.prompt()).mapToObj(String::valueOf).collect(Collectors.joining(","));
    int steps = fixture.steps().size();
    Path out = folder.resolve("a/trace");
    ProgramRun run =
        ProgramRun.of(
            folder,
            "",
            "trace",
            fixture.folder().toString(),
            "--prompt-ids",
            ids,
            "--steps",
            steps + "",
            "--ignore-eos",
            "--dtype",
            "float32",
            "--mask",
            "additive",
            "--out",
            out.toString());
    assertEquals(0, run.code(), run.err());
    JsonNode json = JSON.readTree(out.resolve("trace.json").toFile());
    assertArrayEquals(fixture.prompt(), JSON.convertValue(json.get("prompt"), int[].class));
    assertEquals(steps, json.get("steps").size());
    SafetensorsHeader header = SafetensorsHeaderReader.read(out.resolve("trace.safetensors"));
    assertEquals("embedding_8_in_4", header.metadata().get("checkpoint"));
    assertTrue(header.metadata().get("compute").endsWith("float32"), header.metadata().toString());
    assertEquals(
        List.of("blocks", "final_norm", "logits", "tokens"),
        header.tensors().keySet().stream().sorted().toList());
    requireEqualsReference(fixture, header);
  }

  private static void requireEqualsReference(Fixture fixture, SafetensorsHeader header) {
    try (MlxScope scope = MlxScope.open("trace")) {
      Map<String, MlxArray> traced = SafetensorsLoader.load(scope, header);
      new Closeness(1e-4, 1e-4)
          .require("logits", fixture.expected("logits"), traced.get("logits").toFloats());
      float[] blocks = fixture.expected("blocks");
      new Closeness(1e-4 * Closeness.scale(blocks), 0)
          .require("blocks", blocks, traced.get("blocks").toFloats());
    }
  }

  /** A norm with one NaN: no number of an answer is one, and none is shown or kept. */
  @Test
  void notANumberInTheWeights_failsGivenAnswers() throws Exception {
    CommandFolder nan = CommandFolder.of(folder.resolve("nan"), "http://localhost:9");
    Path file = nan.path().resolve("model/model.safetensors");
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    try (RandomAccessFile weights = new RandomAccessFile(file.toFile(), "rw")) {
      weights.seek(header.dataStart() + header.tensors().get("model.norm.weight").begin() + 8);
      weights.write(littleEndian(Float.NaN));
    }
    String text = "score-text model --prompt Hello --answer there";
    String score =
        "score model --data data/qa_data.json --task qa --limit 2 --answers given --out s.jsonl";
    String states =
        "states model --data data/qa_data.json --task qa --limit 2 --points block.1 --out states";
    Map<String, ProgramRun> runs = nan.series("en-US", "\"$@\"", List.of(text, score, states));
    ProgramRun shown = runs.get(text);
    assertEquals("", shown.out());
    OneLineError.require(
        folder, 1, List.of("non-finite", "of model", "hbar inspect --weights"), shown);
    Map<String, ProgramRun> again = nan.series("en-US", "\"$@\"", List.of(score, states));
    for (ProgramRun run :
        List.of(runs.get(score), runs.get(states), again.get(score), again.get(states))) {
      assertEquals(1, run.code(), run.err());
      assertTrue(run.out().startsWith("4 samples in s"), run.out());
      assertTrue(run.out().contains(", 4 failed"), run.out());
      assertTrue(run.err().contains("every sample failed"), run.err());
    }
    assertEquals(
        4,
        Files.readAllLines(nan.path().resolve("states/index.jsonl")).stream()
            .filter(line -> line.contains("\"error\":\"non-finite "))
            .count());
  }

  /** As Python's tokenizers cut them: He|l and He|ll|o, i and is. */
  @Test
  void promptAndAnswerJoinedByTheTokenizer_areToldOrRefused() throws Exception {
    CommandFolder joined = CommandFolder.of(folder.resolve("joined"), "http://localhost:9");
    String apart = "score-text model --prompt Hello --answer there --json";
    String across = "score-text model --prompt Hel --answer lo --json";
    String whole = "score-text model --prompt i --answer s --json";
    Map<String, ProgramRun> runs = joined.series("en-US", "\"$@\"", List.of(apart, across, whole));
    assertEquals("", runs.get(apart).err());
    assertEquals(0, runs.get(across).code(), runs.get(across).err());
    JsonNode score = JSON.readTree(runs.get(across).out());
    assertEquals(1, score.path("prompt_tokens").asInt());
    assertEquals(List.of("ll", "o"), score.path("tokens").findValuesAsText("text"));
    assertTrue(
        runs.get(across).err().startsWith("note: the tokenizer joins the end of the prompt"),
        runs.get(across).err());
    OneLineError.require(
        folder, 1, List.of("no token stands before the answer", "longer"), runs.get(whole));
  }

  @Test
  void inspectedValues_equalThoseCountedInJava() throws Exception {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Path source = Fixture.named("plain_float32").folder();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve(name), checkpoint.resolve(name));
    }
    Path file = checkpoint.resolve("model.safetensors");
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    TensorInfo damaged = header.tensors().get("model.embed_tokens.weight");
    try (RandomAccessFile weights = new RandomAccessFile(file.toFile(), "rw")) {
      weights.seek(header.dataStart() + damaged.begin() + 8);
      weights.write(littleEndian(Float.NaN, Float.NEGATIVE_INFINITY));
    }
    ProgramRun run =
        ProgramRun.of(folder, "", "inspect", checkpoint.toString(), "--weights", "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode report = JSON.readTree(run.out());
    assertEquals(header.tensors().size(), report.get("tensors").size());
    JsonNode shown =
        StreamSupport.stream(report.get("tensors").spliterator(), false)
            .filter(tensor -> tensor.get("name").asText().equals(damaged.name()))
            .findFirst()
            .orElseThrow();
    assertEquals(1, shown.get("nan").asInt());
    assertEquals(1, shown.get("inf").asInt());
    double[] values = finite(file, header, damaged);
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    assertEquals(Arrays.stream(values).min().orElseThrow(), shown.get("min").asDouble());
    assertEquals(Arrays.stream(values).max().orElseThrow(), shown.get("max").asDouble());
    assertEquals(mean, shown.get("mean").asDouble(), 1e-7);
    assertEquals(Math.sqrt(squares / values.length), shown.get("sd").asDouble(), 1e-7);
  }

  @Test
  void packedTensor_isShownWithItsBits() throws Exception {
    Path checkpoint = Fixture.named("embedding_8_in_4").folder();
    ProgramRun run = ProgramRun.of(folder, "", "inspect", checkpoint.toString(), "--weights");
    assertEquals(0, run.code(), run.err());
    String embedding =
        run.out()
            .lines()
            .filter(line -> line.startsWith("model.embed_tokens.weight"))
            .findFirst()
            .orElseThrow();
    assertTrue(embedding.contains(" U32   8/"), embedding);
    assertTrue(run.out().contains(" U32   4/"), run.out());
    assertTrue(run.out().contains("memory "), run.out());
  }

  private static byte[] littleEndian(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static double[] finite(Path file, SafetensorsHeader header, TensorInfo tensor)
      throws Exception {
    byte[] all = Files.readAllBytes(file);
    int at = Math.toIntExact(header.dataStart() + tensor.begin());
    ByteBuffer bytes =
        ByteBuffer.wrap(all, at, Math.toIntExact(tensor.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[Math.toIntExact(tensor.elements())];
    Arrays.setAll(values, i -> bytes.getFloat());
    return Arrays.stream(values).filter(Double::isFinite).toArray();
  }
}
