package dev.hbar.study.states;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.VocabularySum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads scores and states out of one pass over given answers, right-aligned rows. */
final class PassReading {
  static final CapturePoint NORMED = new CapturePoint.FinalNorm();

  private final CausalLm model;
  private final MlxScope step;
  private final Captured captured;
  private final List<GivenAnswer> group;
  private final int columns;

  PassReading(
      CausalLm model, MlxScope step, Captured captured, List<GivenAnswer> group, int columns) {
    this.model = model;
    this.step = step;
    this.captured = captured;
    this.group = group;
    this.columns = columns;
  }

  /** Rows of x [B, T, n] by their place b * T + t, as [places, n]. */
  static MlxArray rows(MlxScope step, MlxArray x, int[] places) {
    MlxOps ops = step.ops();
    MlxArray flat = ops.reshape(x, x.dim(0) * x.dim(1), x.dim(2));
    return ops.take(flat, step.ints(places, places.length), 0);
  }

  /** The logits of these tokens, [places, 1]. */
  static MlxArray chosen(MlxScope step, MlxArray logits, int[] tokens) {
    return step.ops().takeAlongAxis(logits, step.ints(tokens, tokens.length, 1), -1);
  }

  /** The values cut into pieces of these lengths. */
  static double[][] split(float[] values, int[] counts) {
    double[][] pieces = new double[counts.length][];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      pieces[i] = new double[counts[i]];
      for (int k = 0; k < counts[i]; k++) {
        pieces[i][k] = values[at++];
      }
    }
    return pieces;
  }

  /** The place of a token of an answer's ids. */
  private int place(int row, int index) {
    return row * columns + columns - group.get(row).ids().length + index;
  }

  /** The places before each token of all answers: where its logits are. */
  private int[] choosingPlaces() {
    int[] places = new int[group.stream().mapToInt(GivenAnswer::tokens).sum()];
    int at = 0;
    for (int row = 0; row < group.size(); row++) {
      for (int i = group.get(row).first(); i < group.get(row).end(); i++) {
        places[at++] = place(row, i - 1);
      }
    }
    return places;
  }

  /** Log-probability, rank and signals of every token of every answer. */
  List<List<GivenModel.Score.Token>> tokenScores(double alpha) {
    int layers = model.layers();
    MlxOps ops = step.ops();
    int[] places = choosingPlaces();
    int[] tokens = group.stream().flatMapToInt(one -> Arrays.stream(one.answerIds())).toArray();
    MlxArray logits = model.logits(step, rows(step, captured.get(NORMED), places));
    MlxArray chosen = chosen(step, logits, tokens);
    MlxArray logprobs = ops.subtract(chosen, VocabularySum.logSumExp(step, logits));
    MlxArray above = ops.sum(ops.astype(ops.greater(logits, chosen), DType.FLOAT32), -1, true);
    MlxArray ranks = ops.concatenate(1, logprobs, above);
    Captured states = new Captured(CaptureRequest.blocks(layers));
    for (int layer = 0; layer < layers; layer++) {
      CapturePoint point = new CapturePoint.BlockOutput(layer);
      states.offer(step, point, ops.expandDims(rows(step, captured.get(point), places), 1));
    }
    SignalProbe probe = SignalProbe.ofGiven(layers, predecessors(tokens.length));
    MlxArray measured =
        probe.measure(step, new Forward(logits, states), step.ints(tokens, tokens.length));
    step.eval(ranks, measured);
    return tokenScores(probe, tokens, table(ranks), table(measured), alpha);
  }

  /** For every token of all answers the place of the one before it; of a first one, its own. */
  private int[] predecessors(int tokens) {
    int[] before = IntStream.range(0, tokens).map(at -> at - 1).toArray();
    int first = 0;
    for (GivenAnswer answer : group) {
      before[first] = first;
      first += answer.tokens();
    }
    return before;
  }

  private List<List<GivenModel.Score.Token>> tokenScores(
      SignalProbe probe, int[] tokens, float[][] ranks, float[][] measured, double alpha) {
    List<List<GivenModel.Score.Token>> all = new ArrayList<>();
    int at = 0;
    for (GivenAnswer answer : group) {
      List<GivenModel.Score.Token> scores = new ArrayList<>();
      for (int i = 0; i < answer.tokens(); i++, at++) {
        scores.add(
            new GivenModel.Score.Token(
                ranks[at][0],
                1 + (int) ranks[at][1],
                probe.signals(tokens[at], measured[at], alpha)));
      }
      all.add(scores);
    }
    return all;
  }

  /** For every answer the logit of one token less that of another after the last token. */
  double[] difference(int one, int other) {
    MlxArray last = model.logits(step, Captured.lastPosition(step, captured.get(NORMED)));
    MlxArray both = step.ops().take(last, step.ints(new int[] {one, other}, 2), -1);
    float[][] logits = table(both);
    return Arrays.stream(logits).mapToDouble(row -> (double) row[0] - row[1]).toArray();
  }

  /** The states of every answer. */
  List<Map<StatePosition, float[][]>> states(
      List<CapturePoint> points, Set<StatePosition> positions) {
    List<Map<StatePosition, MlxArray[]>> lazy = new ArrayList<>();
    List<MlxArray> all = new ArrayList<>();
    for (int row = 0; row < group.size(); row++) {
      Map<StatePosition, MlxArray[]> states = new EnumMap<>(StatePosition.class);
      for (StatePosition position : positions) {
        int[] places = places(row, position);
        MlxArray[] taken =
            points.stream().map(point -> state(point, position, places)).toArray(MlxArray[]::new);
        states.put(position, taken);
        all.addAll(List.of(taken));
      }
      lazy.add(states);
    }
    step.eval(all.toArray(MlxArray[]::new));
    return lazy.stream().map(PassReading::read).toList();
  }

  private MlxArray state(CapturePoint point, StatePosition position, int[] places) {
    MlxOps ops = step.ops();
    MlxArray rows = ops.astype(rows(step, captured.get(point), places), DType.FLOAT32);
    return position == StatePosition.MEAN_ANSWER ? ops.mean(rows, 0, true) : rows;
  }

  private int[] places(int row, StatePosition position) {
    GivenAnswer answer = group.get(row);
    return switch (position) {
      case LAST_PROMPT -> new int[] {place(row, answer.ids().length - 1)};
      case LAST_ANSWER -> new int[] {place(row, answer.end() - 1)};
      case MEAN_ANSWER, ANSWER ->
          IntStream.range(answer.first(), answer.end()).map(i -> place(row, i)).toArray();
    };
  }

  private static Map<StatePosition, float[][]> read(Map<StatePosition, MlxArray[]> lazy) {
    Map<StatePosition, float[][]> values = new EnumMap<>(StatePosition.class);
    lazy.forEach(
        (position, states) ->
            values.put(
                position, Arrays.stream(states).map(MlxArray::toFloats).toArray(float[][]::new)));
    return values;
  }

  /** A matrix by its first axis; further axes are joined. */
  private static float[][] table(MlxArray matrix) {
    float[] values = matrix.toFloats();
    int rows = matrix.dim(0);
    int width = values.length / rows;
    float[][] table = new float[rows][];
    for (int row = 0; row < rows; row++) {
      table[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
    return table;
  }
}
