package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the signals are made of, measured inside the graph of the step that chooses the token, in
 * float32, for every row of the batch: for the study's signals, and with {@link #complete} for the
 * other single-pass signals too. Their arithmetic is done on the host.
 */
public final class SignalProbe implements StepProbe {
  private static final float NORM_EPSILON = 1e-8f;

  private final int layers;
  private final List<Integer> watched;
  private final List<Signal> signals;
  private final List<Reduction> reductions;
  private final CaptureRequest request;
  private final Optional<int[]> predecessors;
  private int vocabulary;
  private MlxArray unit;
  private MlxArray previous;

  private SignalProbe(
      int layers, List<Signal> signals, List<Integer> watched, Optional<int[]> predecessors) {
    this(layers, signals, watched, predecessors, CaptureRequest.blocks(layers));
  }

  private SignalProbe(
      int layers,
      List<Signal> signals,
      List<Integer> watched,
      Optional<int[]> predecessors,
      CaptureRequest request) {
    this.layers = layers;
    this.watched = watched;
    this.signals = signals;
    this.reductions = signals.stream().flatMap(SignalProbe::needs).distinct().sorted().toList();
    this.request = request;
    this.predecessors = predecessors;
  }

  /** A probe of the study's signals only, for one run of a model with so many blocks. */
  public SignalProbe(int layers) {
    this(layers, Signal.STUDY, List.of(layers - 1), Optional.empty());
  }

  /**
   * A probe of PRI and what it is made of, which looks at the last block only: the cheapest one.
   *
   * @param layers blocks of the model
   */
  public static SignalProbe lastBlock(int layers) {
    List<Signal> signals = List.of(Signal.SURPRISE, Signal.DH, Signal.PRI);
    CaptureRequest last = CaptureRequest.NOTHING.and(new CapturePoint.BlockOutput(layers - 1));
    return new SignalProbe(layers, signals, List.of(layers - 1), Optional.empty(), last);
  }

  /**
   * A probe of every signal, for one run of a model with so many blocks.
   *
   * @param driftBlocks blocks whose hidden drift is measured as well, each in [0, layers)
   */
  public static SignalProbe complete(int layers, List<Integer> driftBlocks) {
    List<Integer> watched = Stream.concat(driftBlocks.stream(), Stream.of(layers - 1)).toList();
    return new SignalProbe(layers, Signal.complete(driftBlocks), watched, Optional.empty());
  }

  /**
   * A probe of every signal of tokens that are all there already, for one pass.
   *
   * @param predecessors for every row the row of the token before it; of a first one, its own
   */
  public static SignalProbe ofGiven(int layers, int[] predecessors) {
    List<Signal> signals = Signal.complete(List.of());
    return new SignalProbe(layers, signals, List.of(layers - 1), Optional.of(predecessors.clone()));
  }

  private static Stream<Reduction> needs(Signal signal) {
    return signal.source() instanceof Signal.Source.Measured(var _, List<Reduction> of)
        ? of.stream()
        : Stream.empty();
  }

  @Override
  public CaptureRequest request() {
    return request;
  }

  /** Numbers per row; of other signals than the study's, known once a step was measured. */
  public int width() {
    return places().width();
  }

  private Reduced.Places places() {
    return new Reduced.Places(reductions, watched, vocabulary);
  }

  /** [B, width]: what {@link #signals} reads. */
  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    return measure(step, forward, tokens, List.of());
  }

  /**
   * [B, width + further]: the same, and other numbers of the same step behind it.
   *
   * @param further float32 [B] each
   */
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens, List<MlxArray> further) {
    MlxOps ops = step.ops();
    MlxArray logits = forward.logits();
    vocabulary = logits.dim(1);
    MlxArray blocks = ops.astype(blocks(step, forward.captured()), DType.FLOAT32);
    MlxArray directions = directions(step, blocks);
    StepGraph graph = new StepGraph(step, logits, tokens, directions, drifts(step, directions));
    Stream<MlxArray> reduced = reductions.stream().map(graph::reduced);
    Stream<MlxArray> columns = further.stream().map(numbers -> ops.expandDims(numbers, 1));
    return ops.concatenate(1, Stream.concat(reduced, columns).toArray(MlxArray[]::new));
  }

  /** The states that it looks at, [B, blocks, hidden]. */
  private MlxArray blocks(MlxScope step, Captured captured) {
    return looksAtLastOnly()
        ? step.ops().expandDims(captured.get(new CapturePoint.BlockOutput(layers - 1)), 1)
        : captured.blocks(step, layers);
  }

  private boolean looksAtLastOnly() {
    return request.points().size() < layers;
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    if (previous != null) {
      replacePrevious(step.keep(step.ops().take(previous, rows, 0)));
    }
  }

  /** Measures what the one that measures most does; all measure one thing after the other. */
  @Override
  public SignalProbe joined(MlxScope run, List<StepProbe> probes) {
    List<SignalProbe> parts = probes.stream().map(SignalProbe.class::cast).toList();
    SignalProbe most =
        parts.stream().max(Comparator.comparingInt(part -> part.signals.size())).orElseThrow();
    SignalProbe joined = new SignalProbe(layers, most.signals, most.watched, Optional.empty());
    MlxArray[] last =
        parts.stream().map(part -> part.previousOf(run, most.watched)).toArray(MlxArray[]::new);
    joined.previous = run.ops().concatenate(0, last);
    return joined;
  }

  /**
   * The directions of these blocks; of one that was not watched the last one's, which nobody reads.
   */
  private MlxArray previousOf(MlxScope run, List<Integer> blocks) {
    if (blocks.equals(watched)) {
      return previous;
    }
    int[] places =
        blocks.stream()
            .mapToInt(watched::lastIndexOf)
            .map(place -> place < 0 ? watched.size() - 1 : place)
            .toArray();
    return run.ops().take(previous, run.ints(places, places.length), 1);
  }

  private void replacePrevious(MlxArray last) {
    if (previous != null) {
      previous.close();
    }
    previous = last;
  }

  /**
   * x_i = h_i / sqrt(sum h_i^2 + eps), [B, layers, hidden], as an RMS norm, which is one kernel; a
   * zero state stays zero.
   */
  private MlxArray directions(MlxScope step, MlxArray blocks) {
    int hidden = blocks.dim(2);
    if (unit == null) {
      float[] weights = new float[hidden];
      Arrays.fill(weights, (float) (1 / Math.sqrt(hidden)));
      unit = step.keep(step.floats(weights, hidden));
    }
    return step.fast().rmsNorm(blocks, unit, NORM_EPSILON / hidden);
  }

  /** |x - x before|^2 of the watched blocks, [B, watched]. */
  private MlxArray drifts(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    int[] blocks = watched.stream().mapToInt(Integer::intValue).toArray();
    MlxArray now =
        looksAtLastOnly() ? directions : ops.take(directions, step.ints(blocks, blocks.length), 1);
    MlxArray squared = ops.sum(ops.square(ops.subtract(now, before(step, now))), -1, false);
    if (predecessors.isEmpty()) {
      replacePrevious(step.keep(now));
    }
    return squared;
  }

  /** The directions of the tokens before; of a first token its own. */
  private MlxArray before(MlxScope step, MlxArray now) {
    if (predecessors.isPresent()) {
      int[] rows = predecessors.get();
      return step.ops().take(now, step.ints(rows, rows.length), 0);
    }
    return previous == null ? now : previous;
  }

  /**
   * The signals of one row on the host.
   *
   * @param measured begins with what {@link #measure} gave for the row
   * @param alpha weight of the drift in PRI
   */
  public TokenSignals signals(int token, float[] measured, double alpha) {
    return read(signals, token, measured, alpha);
  }

  /**
   * Every signal but other blocks' drift, for a row that joined others of which more was wanted.
   */
  public TokenSignals cheapSignals(int token, float[] measured, double alpha) {
    return read(Signal.complete(List.of()), token, measured, alpha);
  }

  /** The study's signals of one row, for a row that joined others of which more was wanted. */
  public TokenSignals studySignals(int token, float[] measured, double alpha) {
    return read(Signal.STUDY, token, measured, alpha);
  }

  private TokenSignals read(List<Signal> wanted, int token, float[] measured, double alpha) {
    Reduced row = new Reduced(places(), measured);
    double[] values = new double[wanted.size()];
    for (int i = 0; i < values.length; i++) {
      if (wanted.get(i).source() instanceof Signal.Source.Measured(var onHost, var _)) {
        values[i] = onHost.applyAsDouble(row);
      }
    }
    return new TokenSignals(token, wanted, values).derive(alpha);
  }
}
