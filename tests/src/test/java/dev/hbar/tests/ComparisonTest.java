package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.CausalLm;
import dev.hbar.study.StudyException;
import dev.hbar.study.parity.Comparer;
import dev.hbar.study.parity.ErrorProfile;
import dev.hbar.study.parity.PromptPass;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.ReferenceFile;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison finds the fault that was sown, names it, and in isolation blames nothing else. */
@NativeTest
class ComparisonTest {
  private static final int[] PROMPT = {5, 9, 17, 2, 40, 8, 8, 31};
  private static final int STEPS = 4;
  private static final double BOUND = 1e-4;
  private static final List<String> EVERYTHING =
      List.of("embedding", "block.*.*", "final_norm", "logits");

  @TempDir private Path folder;

  /** The model as it should be, on record. */
  private ReferenceFile reference(List<String> patterns, Span span, UnaryOperator<Trace> change)
      throws IOException {
    Path original = new SeededCheckpoint().write(folder.resolve("original"));
    try (CausalLm model = SeededCheckpoint.load(original, DType.FLOAT32)) {
      Set<CapturePoint> points = new LinkedHashSet<>();
      patterns.forEach(p -> points.addAll(CapturePoints.expand(p, model.layers())));
      CaptureRequest request = new CaptureRequest(points, span);
      List<PromptPass.State> states = new PromptPass(model).states(PROMPT, request);
      Trace trace = change.apply(Trace.of(model, PROMPT, STEPS, true));
      new Trace.Writer("original", DType.FLOAT32, PROMPT)
          .with(request, states)
          .write(trace, folder.resolve("trace"));
    }
    return ReferenceFile.read(folder.resolve("trace/trace.safetensors"));
  }

  private ReferenceFile reference() throws IOException {
    return reference(EVERYTHING, Span.ALL, trace -> trace);
  }

  private ReferenceComparison compared(
      SeededCheckpoint subject, ReferenceFile reference, Comparer.PointPair... pairs)
      throws IOException {
    Path written = subject.write(folder.resolve("subject"));
    ReferenceComparison.Side side =
        new ReferenceComparison.Side("subject", "hbar", "float32", "transformers");
    boolean isolate = reference.hasAllPositions() && pairs.length == 0;
    Comparer.Settings settings =
        new Comparer.Settings(side, BOUND, isolate, List.of(pairs), DType.FLOAT32);
    try (CausalLm model = SeededCheckpoint.load(written, DType.FLOAT32)) {
      return new Comparer(model, reference, PROMPT, settings).compare();
    }
  }

  private static List<String> blamed(ReferenceComparison comparison, String section) {
    return comparison.divergences().stream()
        .filter(verdict -> verdict.profile().equals(section))
        .map(verdict -> verdict.point() + ": " + verdict.suspect())
        .toList();
  }

  /** Both ways of running name the same point, and isolation names no other block. */
  private void requireBlamed(SeededCheckpoint faulty, String point, String suspect)
      throws IOException {
    ReferenceComparison comparison = compared(faulty, reference());
    assertFalse(comparison.holds());
    assertEquals(List.of(point + ": " + suspect), blamed(comparison, "prompt"));
    assertEquals(List.of(point + ": " + suspect), blamed(comparison, "isolated"));
  }

  private static String weight(int block, String name) {
    return "model.layers." + block + "." + name;
  }

  @Test
  void unalteredModel_holdsInEverySection() throws IOException {
    ReferenceComparison comparison = compared(new SeededCheckpoint(), reference());
    assertTrue(comparison.holds(), comparison.divergences().toString());
    assertEquals(
        List.of("prompt", "steps", "isolated"),
        comparison.profiles().stream().map(ErrorProfile::name).toList());
    assertTrue(comparison.worst().orElseThrow() < 1e-5, comparison.worst().toString());
    assertEquals(STEPS, comparison.tokens().orElseThrow().equal());
    assertEquals(1, comparison.tokens().orElseThrow().topFive());
    assertEquals(List.of(), comparison.notes());
  }

  @Test
  void oneWeightOfABlock_isFoundInItsProjection() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint().edit(weight(2, "mlp.down_proj.weight"), v -> v[123] += 0.2f);
    requireBlamed(faulty, "block.2.mlp_output", "down_proj or the activation");
  }

  @Test
  void droppedBias_isFoundInItsProjection() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint().edit(weight(1, "self_attn.q_proj.bias"), v -> Arrays.fill(v, 0f));
    requireBlamed(faulty, "block.1.q_proj", "q_proj");
  }

  @Test
  void droppedBiasOfTheOutput_isFoundBehindTheAttention() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint().edit(weight(3, "self_attn.o_proj.bias"), v -> Arrays.fill(v, 0f));
    requireBlamed(faulty, "block.3.attention_output", "o_proj");
  }

  @Test
  void transposedProjection_isFound() throws IOException {
    SeededCheckpoint faulty = new SeededCheckpoint();
    faulty.transpose(weight(1, "self_attn.v_proj.weight"));
    requireBlamed(faulty, "block.1.v_proj", "v_proj");
  }

  @Test
  void oneNormWeight_isFoundBeforeAllProjections() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint().edit(weight(2, "input_layernorm.weight"), v -> v[7] += 0.5f);
    requireBlamed(faulty, "block.2.q_proj", "input_layernorm");
  }

  @Test
  void oneNormWeightOfTheMlp_isFoundBeforeGateAndUp() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint()
            .edit(weight(0, "post_attention_layernorm.weight"), v -> v[7] += 0.5f);
    requireBlamed(faulty, "block.0.gate", "post_attention_layernorm");
  }

  @Test
  void otherRopeFactor_isFoundInEveryBlock() throws IOException {
    ReferenceComparison comparison = compared(new SeededCheckpoint().rope(2), reference());
    assertEquals(List.of("block.0.q_rope: rope"), blamed(comparison, "prompt"));
    assertEquals(
        List.of(
            "block.0.q_rope: rope",
            "block.1.q_rope: rope",
            "block.2.q_rope: rope",
            "block.3.q_rope: rope"),
        blamed(comparison, "isolated"));
  }

  @Test
  void secondFaultBehindTheFirst_isSeenInIsolationOnly() throws IOException {
    SeededCheckpoint faulty =
        new SeededCheckpoint()
            .edit(weight(1, "self_attn.k_proj.bias"), v -> Arrays.fill(v, 0f))
            .edit(weight(3, "mlp.up_proj.weight"), v -> v[5] += 0.2f);
    ReferenceComparison comparison = compared(faulty, reference());
    assertEquals(List.of("block.1.k_proj: k_proj"), blamed(comparison, "prompt"));
    assertEquals(
        List.of("block.1.k_proj: k_proj", "block.3.up: up_proj"), blamed(comparison, "isolated"));
  }

  @Test
  void wrongHead_isBlamedAloneAndTheStepsStayComparable() throws IOException {
    SeededCheckpoint faulty = new SeededCheckpoint().shuffleHead();
    ReferenceComparison comparison = compared(faulty, reference());
    for (String section : List.of("prompt", "steps", "isolated")) {
      assertEquals(List.of("logits: the head"), blamed(comparison, section));
    }
    assertTrue(comparison.tokens().orElseThrow().equal() < STEPS, "the head changed no token");
    String note = comparison.notes().getFirst();
    assertTrue(note.contains("went on with the reference's tokens"), note);
  }

  @Test
  void wrongFinalNorm_isBlamedAlone() throws IOException {
    SeededCheckpoint faulty = new SeededCheckpoint().edit("model.norm.weight", v -> v[3] = 0);
    ReferenceComparison comparison = compared(faulty, reference());
    assertEquals(List.of("final_norm: the final norm"), blamed(comparison, "isolated"));
  }

  @Test
  void wrongEmbedding_isBlamedAlone() throws IOException {
    int token = PROMPT[2];
    SeededCheckpoint faulty =
        new SeededCheckpoint()
            .edit("model.embed_tokens.weight", v -> v[token * SeededCheckpoint.HIDDEN] += 0.5f);
    ReferenceComparison comparison = compared(faulty, reference());
    assertEquals(List.of("embedding: embed_tokens"), blamed(comparison, "isolated"));
    assertEquals(List.of("embedding: embed_tokens"), blamed(comparison, "prompt"));
  }

  @Test
  void onlyOutputsInTheReference_nameTheBlock() throws IOException {
    ReferenceFile outputs = reference(List.of("block.*.output"), Span.LAST, trace -> trace);
    SeededCheckpoint faulty =
        new SeededCheckpoint().edit(weight(2, "mlp.gate_proj.weight"), v -> v[0] += 0.3f);
    ReferenceComparison comparison = compared(faulty, outputs);
    List<String> expected = List.of("block.2.output: somewhere in block 2");
    assertEquals(expected, blamed(comparison, "prompt"));
    assertEquals(expected, blamed(comparison, "steps"));
  }

  /** What transformers calls the last hidden state; once it passed for a fault of the layer. */
  @Test
  void normedStateAsLastBlock_isRecognizedAndLeftOut() throws IOException {
    ReferenceFile normed =
        reference(List.of("block.0.output"), Span.LAST, ComparisonTest::withNormedLast);
    ReferenceComparison comparison = compared(new SeededCheckpoint(), normed);
    assertTrue(comparison.holds(), comparison.divergences().toString());
    String note = comparison.notes().getFirst();
    assertTrue(note.startsWith("block.3.output of the reference is the state after"), note);
    ErrorProfile steps = comparison.profile("steps").orElseThrow();
    assertTrue(steps.at(new CapturePoint.BlockOutput(3)).isEmpty());
    assertTrue(steps.at(new CapturePoint.BlockOutput(2)).isPresent());
  }

  private static Trace withNormedLast(Trace trace) {
    List<Trace.Step> steps =
        trace.steps().stream()
            .map(
                step -> {
                  float[] blocks = step.blocks().clone();
                  int at = blocks.length - SeededCheckpoint.HIDDEN;
                  System.arraycopy(step.finalNorm(), 0, blocks, at, SeededCheckpoint.HIDDEN);
                  return new Trace.Step(step.signals(), step.logits(), blocks, step.finalNorm());
                })
            .toList();
    return new Trace(trace.prompt(), trace.layers(), steps);
  }

  @Test
  void rawOutputAgainstNormedState_isRefusedByName() {
    StudyException refused =
        assertThrows(
            StudyException.class,
            () ->
                new Comparer.PointPair(
                    new CapturePoint.BlockOutput(3), new CapturePoint.FinalNorm()));
    assertTrue(
        refused.getMessage().contains("block.3.output is the raw residual stream")
            && refused.getMessage().contains("final_norm is the normed state"),
        refused.getMessage());
  }

  @Test
  void outputAgainstTheNextInput_isTheSameStream() throws IOException {
    Comparer.PointPair pair =
        new Comparer.PointPair(
            new CapturePoint.BlockOutput(1), CapturePoints.parse("block.2.input").orElseThrow());
    ReferenceComparison comparison = compared(new SeededCheckpoint(), reference(), pair);
    assertTrue(comparison.holds(), comparison.divergences().toString());
    assertEquals(1, comparison.profiles().getFirst().points().size());
  }

  @Test
  void hugeStates_areWarnedOfWhereFloat16IsMeant() throws IOException {
    Path written = new SeededCheckpoint().write(folder.resolve("subject"));
    ReferenceFile reference =
        reference(
            List.of("block.0.output"),
            Span.LAST,
            trace -> {
              trace.steps().forEach(step -> step.blocks()[SeededCheckpoint.HIDDEN] = 300);
              return trace;
            });
    ReferenceComparison.Side side =
        new ReferenceComparison.Side("subject", "hbar", "float32", "transformers");
    Comparer.Settings half = new Comparer.Settings(side, BOUND, false, List.of(), DType.FLOAT16);
    try (CausalLm model = SeededCheckpoint.load(written, DType.FLOAT32)) {
      List<String> notes = new Comparer(model, reference, PROMPT, half).compare().notes();
      assertTrue(
          notes.getLast().startsWith("float16 overflow: |h| reaches 300 at block.1.output"),
          notes.toString());
    }
  }

  @Test
  void isolationWithoutAllPositions_saysHowToMakeThem() throws IOException {
    ReferenceFile last = reference(EVERYTHING, Span.LAST, trace -> trace);
    Path written = new SeededCheckpoint().write(folder.resolve("subject"));
    ReferenceComparison.Side side =
        new ReferenceComparison.Side("subject", "hbar", "float32", "transformers");
    Comparer.Settings isolated = new Comparer.Settings(side, BOUND, true, List.of(), DType.FLOAT32);
    try (CausalLm model = SeededCheckpoint.load(written, DType.FLOAT32)) {
      StudyException refused =
          assertThrows(
              StudyException.class, () -> new Comparer(model, last, PROMPT, isolated).compare());
      String message = refused.getMessage();
      assertTrue(message.contains("needs all positions of block.0.input"), message);
      assertTrue(message.contains("scripts/reference.py CHECKPOINT --prompt-ids 5,9"), message);
    }
  }
}
