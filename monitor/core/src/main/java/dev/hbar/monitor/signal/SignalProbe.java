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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The signals inside the graph of the step that chooses the token, float32, for every row of the
 * batch: the study's, and with {@link #complete} the other single-pass signals too. What follows
 * from them by arithmetic, such as hbar and PRI, is done on the host.
 */
public final class SignalProbe implements StepProbe {
  private static final float NORM_EPSILON = 1e-8f;
  private static final int DERIVED = -1;

  private final int layers;
  private final List<Integer> watched;
  private final List<Signal> signals;
  private final List<Signal.Graph> columns;
  private final int[] columnOf;
  private final CaptureRequest request;
  private final Optional<int[]> predecessors;
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
    this.columns = new ArrayList<>();
    this.columnOf = signals.stream().mapToInt(this::column).toArray();
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

  /** Where the number of a signal stands in a row; those of one graph share it. */
  private int column(Signal signal) {
    if (!(signal.source() instanceof Signal.Source.Measured(Signal.Graph graph, var _))) {
      return DERIVED;
    }
    if (!columns.contains(graph)) {
      columns.add(graph);
    }
    return columns.indexOf(graph);
  }

  @Override
  public CaptureRequest request() {
    return request;
  }

  /** Numbers per row. */
  public int width() {
    return columns.size();
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
    MlxArray blocks = ops.astype(blocks(step, forward.captured()), DType.FLOAT32);
    MlxArray directions = directions(step, blocks);
    StepGraph graph =
        new StepGraph(
            step,
            TokenDistribution.of(step, forward.logits(), tokens),
            directions,
            watched,
            drifts(step, directions));
    Stream<MlxArray> measured = columns.stream().map(column -> column.add(graph));
    return ops.stack(1, Stream.concat(measured, further.stream()).toArray(MlxArray[]::new));
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

  /** x_i = h_i / sqrt(sum h_i^2 + eps), [B, layers, hidden]; a zero state stays zero. */
  private static MlxArray directions(MlxScope step, MlxArray blocks) {
    MlxOps ops = step.ops();
    MlxArray squares = ops.sum(ops.square(blocks), -1, true);
    MlxArray eps = step.scalar(NORM_EPSILON, DType.FLOAT32);
    return ops.multiply(blocks, ops.rsqrt(ops.add(squares, eps)));
  }

  /**
   * 1 - cos of the watched blocks' directions, [B, watched], as half their squared distance, which
   * keeps small angles.
   */
  private MlxArray drifts(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    int[] blocks = watched.stream().mapToInt(Integer::intValue).toArray();
    MlxArray taken =
        looksAtLastOnly() ? directions : ops.take(directions, step.ints(blocks, blocks.length), 1);
    MlxArray now = ops.contiguous(taken);
    MlxArray squared = ops.sum(ops.square(ops.subtract(now, before(step, now))), -1, false);
    if (predecessors.isEmpty()) {
      replacePrevious(step.keep(now));
    }
    return ops.multiply(squared, step.scalar(0.5f, DType.FLOAT32));
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

  /** Those that a probe begins with. */
  private TokenSignals read(List<Signal> first, int token, float[] measured, double alpha) {
    double[] values = new double[first.size()];
    for (int i = 0; i < values.length; i++) {
      if (first.get(i).source() instanceof Signal.Source.Measured(var _, var onHost)) {
        values[i] = onHost.applyAsDouble(measured[columnOf[i]]);
      }
    }
    return new TokenSignals(token, first, values).derive(alpha);
  }
}
