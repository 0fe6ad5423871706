package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar compare} as a program: exit codes, table, JSON and picture. */
@NativeTest
class CompareProgramTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IDS = "5,9,17,2,40,8,8,31";
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

  @TempDir Path folder;

  private ProgramRun run(Object... arguments) throws Exception {
    String[] words = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
    return ProgramRun.of(folder, "", words);
  }

  private static String ids(int[] ids) {
    return Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(","));
  }

  /** A trace of the model without faults, which is a reference. */
  private Path reference(String... more) throws Exception {
    Path original = new SeededCheckpoint().write(folder.resolve("original"));
    List<Object> arguments = new ArrayList<>(List.of("trace", original, "--prompt-ids", IDS));
    arguments.addAll(List.of("--steps", 3, "--ignore-eos", "--out", folder.resolve("trace")));
    arguments.addAll(List.of(more));
    ProgramRun traced = run(arguments.toArray());
    assertEquals(0, traced.code(), traced.err());
    return folder.resolve("trace/trace.safetensors");
  }

  private Path faulty() throws IOException {
    return new SeededCheckpoint()
        .edit("model.layers.2.self_attn.k_proj.bias", v -> Arrays.fill(v, 0f))
        .write(folder.resolve("faulty"));
  }

  @Test
  void referenceOfTransformers_holds() throws Exception {
    Fixture fixture = Fixture.named("llama_tied");
    Path reference = fixture.folder().resolve("expected.safetensors");
    ProgramRun run =
        run(
            "compare",
            fixture.folder(),
            "--reference",
            reference,
            "--prompt-ids",
            ids(fixture.prompt()),
            "--dtype",
            "float32");
    assertEquals(0, run.code(), run.err() + run.out());
    assertTrue(run.out().contains("within the bound everywhere"), run.out());
    assertTrue(run.out().contains("most likely token equal in 8"), run.out());
    assertTrue(run.out().contains("float32, rope of transformers"), run.out());
  }

  @Test
  void referenceWithoutItsPrompt_asksForIt() throws Exception {
    Fixture fixture = Fixture.named("llama_tied");
    Path reference = fixture.folder().resolve("expected.safetensors");
    ProgramRun run = run("compare", fixture.folder(), "--reference", reference);
    OneLineError.require(
        folder, 1, List.of("expected.safetensors does not say its prompt", "--prompt-ids"), run);
  }

  @Test
  void otherPromptThanTheReferences_isRefused() throws Exception {
    Path reference = reference();
    ProgramRun run =
        run("compare", folder.resolve("original"), "--reference", reference, "--prompt-ids", "1,2");
    OneLineError.require(folder, 1, List.of("another prompt"), run);
  }

  @Test
  void faultyModel_exitsWithThreeAndNamesTheBlockInJson() throws Exception {
    Path reference =
        reference("--points", "embedding,block.*.*,final_norm,logits", "--positions", "all");
    Path picture = folder.resolve("depth.png");
    ProgramRun run =
        run(
            "compare",
            faulty(),
            "--reference",
            reference,
            "--isolate",
            "--json",
            "--plot",
            picture);
    assertEquals(3, run.code(), run.err());
    JsonNode json = JSON.readTree(run.out());
    assertFalse(json.get("holds").asBoolean());
    assertEquals("hbar", json.get("reference").get("engine").asText());
    assertEquals("transformers", json.get("reference").get("rope_reference").asText());
    List<String> first = new ArrayList<>();
    json.get("first_over")
        .forEach(one -> first.add(one.get("section").asText() + " " + one.get("point").asText()));
    assertEquals(
        List.of("prompt block.2.k_proj", "steps block.2.output", "isolated block.2.k_proj"), first);
    List<String> over = new ArrayList<>();
    json.get("sections")
        .get("isolated")
        .forEach(
            point -> {
              if (point.get("over").asBoolean()) {
                over.add(point.get("point").asText());
              }
            });
    assertTrue(over.contains("block.2.k_proj") && over.contains("block.2.output"), over.toString());
    assertTrue(over.stream().allMatch(name -> name.startsWith("block.2.")), over.toString());
    assertTrue(Arrays.equals(PNG, Arrays.copyOf(Files.readAllBytes(picture), PNG.length)));
  }

  @Test
  void faultyModel_isNamedInTheTable() throws Exception {
    ProgramRun run = run("compare", faulty(), "--reference", reference());
    assertEquals(3, run.code(), run.err());
    assertTrue(run.out().contains("over the bound (steps) from block.2.output on"), run.out());
  }

  @Test
  void wideBound_letsTheFaultPass() throws Exception {
    ProgramRun run = run("compare", faulty(), "--reference", reference(), "--bound", "100");
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void rawAgainstNormed_isRefusedByName() throws Exception {
    Path reference = reference("--points", "block.3.output,final_norm");
    ProgramRun run =
        run(
            "compare",
            folder.resolve("original"),
            "--reference",
            reference,
            "--points",
            "block.3.output=final_norm");
    OneLineError.require(
        folder, 1, List.of("block.3.output is the raw residual stream", "the normed state"), run);
  }

  @Test
  void fileThatIsNoReference_isRefused() throws Exception {
    Path original = new SeededCheckpoint().write(folder.resolve("original"));
    ProgramRun run = run("compare", original, "--reference", original.resolve("model.safetensors"));
    OneLineError.require(folder, 1, List.of("model.safetensors", "scripts/reference.py"), run);
  }

  @Test
  void presetWithoutItsCheckpoint_namesThePull() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("cache"));
    ProgramRun run =
        ProgramRun.of(
            folder,
            "",
            Map.of("HF_HUB_CACHE", empty.toString(), "HF_HOME", empty.toString()),
            "compare",
            "--preset",
            "qwen2.5-0.5b-hello");
    OneLineError.require(folder, 1, List.of("hbar pull Qwen/Qwen2.5-0.5B-Instruct"), run);
  }

  @Test
  void unknownPreset_isWrongUsageWithTheNamesThereAre() throws Exception {
    ProgramRun run = run("compare", "--preset", "gpt");
    OneLineError.require(folder, 2, List.of("no preset gpt", "qwen2.5-0.5b-hello"), run);
  }

  @Test
  void presetOnAnotherModel_doesNotFit() throws Exception {
    Path original = new SeededCheckpoint().write(folder.resolve("original"));
    ProgramRun run = run("compare", original, "--preset", "qwen2.5-0.5b-hello");
    OneLineError.require(folder, 1, List.of("token id 9707 is outside the vocabulary"), run);
  }
}
