package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.capture.Span;
import dev.hbar.model.capture.Taps;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Runs a prompt through the model and reads its states. Owner thread. */
public final class PromptPass {
  private final CausalLm model;

  public PromptPass(CausalLm model) {
    this.model = model;
  }

  /** Reads states while the scope of their pass is open. */
  @FunctionalInterface
  interface Reading<T> {
    /** What is read out of the pass; MLX arrays do not outlive it. */
    T of(MlxScope step, Captured captured);
  }

  /** The requested states, in the order of the computation; absent ones are left out. */
  public List<State> states(int[] prompt, CaptureRequest request) {
    return run(prompt, request, step -> Map.of(), PromptPass::read);
  }

  /**
   * Runs a prompt in one pass or, where the request allows it, in chunks with the taps on the last
   * one.
   *
   * @param replacements states to substitute, created in the scope of the pass; see {@link Taps}
   */
  <T> T run(
      int[] prompt,
      CaptureRequest request,
      Function<MlxScope, Map<CapturePoint, MlxArray>> replacements,
      Reading<T> reading) {
    try (MlxScope run = model.openRun("prompt");
        KvCache cache = model.newCache(run, new SequenceLength(prompt.length))) {
      List<int[]> whole = List.of(prompt);
      List<int[]> rest =
          request.needsOnePass() ? whole : new Prefill(model, run).allButLastPiece(cache, whole);
      try (MlxScope step = run.child("pass")) {
        TokenBatch batch = TokenBatch.of(step, rest, model.config().vocabSize());
        Taps taps = new Taps(request, replacements.apply(step));
        Captured captured = model.forward(step, batch, cache, taps).captured();
        step.eval(captured.states().values().toArray(MlxArray[]::new));
        return reading.of(step, captured);
      }
    }
  }

  private static List<State> read(MlxScope step, Captured captured) {
    List<State> states = new ArrayList<>();
    for (Map.Entry<CapturePoint, MlxArray> state : captured.states().entrySet()) {
      states.add(read(step, state.getKey(), state.getValue(), captured.span()));
    }
    return states;
  }

  /** Reads one state with its axis of positions, in float32. */
  static State read(MlxScope step, CapturePoint point, MlxArray state, Span span) {
    MlxArray whole = span == Span.ALL ? state : step.ops().expandDims(state, point.positionAxis());
    return new State(point, whole.shape(), step.ops().astype(whole, DType.FLOAT32).toFloats());
  }

  /**
   * A named state of the prompt's pass, copied out of MLX.
   *
   * @param shape with a batch axis of 1 and an axis of positions, also if there is only one
   * @param values float32, row-major
   */
  public record State(CapturePoint point, int[] shape, float[] values) {}
}
