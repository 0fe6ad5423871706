package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar trace --points}: the named states in the file that a comparison reads. */
@NativeTest
class TracePointsTest {
  private static final String IDS = "5,6,7,8,9";

  @TempDir Path folder;

  private ProgramRun trace(String... more) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("trace", Fixture.named("llama_tied").folder().toString()));
    arguments.addAll(List.of("--prompt-ids", IDS, "--steps", "2", "--ignore-eos"));
    arguments.addAll(List.of("--out", folder.resolve("trace").toString()));
    arguments.addAll(List.of(more));
    return ProgramRun.of(folder, "", arguments.toArray(String[]::new));
  }

  private SafetensorsHeader written() {
    return SafetensorsHeaderReader.read(folder.resolve("trace/trace.safetensors"));
  }

  @Test
  void allPositions_keepEveryAxis() throws Exception {
    ProgramRun run = trace("--points", "embedding,block.1.*,logits", "--positions", "all");
    assertEquals(0, run.code(), run.err());
    SafetensorsHeader header = written();
    assertEquals(List.of(1, 5, 64), header.tensors().get("point.embedding").shape());
    assertEquals(List.of(1, 4, 5, 16), header.tensors().get("point.block.1.q_rope").shape());
    assertEquals(List.of(1, 2, 5, 16), header.tensors().get("point.block.1.k_rope").shape());
    assertEquals(
        List.of(1, 4, 5, 5), header.tensors().get("point.block.1.attention_weights").shape());
    assertEquals(5, header.tensors().get("point.logits").shape().get(1));
    assertEquals(List.of(5), header.tensors().get("prompt").shape());
    assertEquals("all", header.metadata().get("positions"));
    assertEquals(IDS, header.metadata().get("prompt_ids"));
    assertEquals("hbar-reference-1", header.metadata().get("format"));
    assertTrue(header.metadata().get("points").startsWith("embedding,block.1.input,"));
    assertFalse(header.tensors().containsKey("point.block.1.q_norm"), "llama has no q_norm");
  }

  @Test
  void lastPosition_keepsItsAxisToo() throws Exception {
    ProgramRun run = trace("--points", "block.*.attention_weights,final_norm");
    assertEquals(0, run.code(), run.err());
    SafetensorsHeader header = written();
    assertEquals(
        List.of(1, 4, 1, 5), header.tensors().get("point.block.0.attention_weights").shape());
    assertEquals(List.of(1, 1, 64), header.tensors().get("point.final_norm").shape());
    assertEquals("last", header.metadata().get("positions"));
  }

  @Test
  void unknownPoint_isWrongUsage() throws Exception {
    ProgramRun run = trace("--points", "block.0.query");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("no capture point block.0.query"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void pointThatTheFamilyLacks_isNamedAndNothingIsWritten() throws Exception {
    ProgramRun run = trace("--points", "block.*.q_norm");
    assertEquals(1, run.code());
    String last = run.err().lines().toList().getLast();
    assertTrue(last.contains("block.0.q_norm is not computed by this model (llama)"), last);
    assertFalse(Files.exists(folder.resolve("trace/trace.safetensors")));
  }
}
