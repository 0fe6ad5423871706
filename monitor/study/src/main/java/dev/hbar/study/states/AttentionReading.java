package dev.hbar.study.states;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.Captured;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads {@link AttentionFeature}s out of one pass over given answers: the keys are what all share,
 * {@code prefix} of them, then the pass's columns, rows right-aligned.
 */
final class AttentionReading {
  /** The share of the attended positions that the ICR score looks at. */
  private static final double MOST_ATTENDED = 0.1;

  private final MlxScope step;
  private final Captured captured;
  private final List<MlxArray> before;
  private final int prefix;
  private final int columns;
  private final int layers;

  /**
   * @param captured of every column: attention weights, and for the ICR score the embedding and all
   *     block outputs
   * @param before the same states of the shared tokens, [1, prefix, hidden] each, the embedding
   *     first; empty without ICR score or shared tokens
   */
  AttentionReading(
      MlxScope step,
      Captured captured,
      List<MlxArray> before,
      int prefix,
      int columns,
      int layers) {
    this.step = step;
    this.captured = captured;
    this.before = before;
    this.prefix = prefix;
    this.columns = columns;
    this.layers = layers;
  }

  /** What has to be captured, beside the states. */
  static List<CapturePoint> points(Set<AttentionFeature> features, int layers) {
    if (features.isEmpty()) {
      return List.of();
    }
    List<CapturePoint> points = new ArrayList<>(states(layers));
    IntStream.range(0, layers).forEach(layer -> points.add(weightsOf(layer)));
    return points;
  }

  /** The residual stream before every block and after the last one. */
  static List<CapturePoint> states(int layers) {
    List<CapturePoint> states = new ArrayList<>(List.of(new CapturePoint.Embedding()));
    IntStream.range(0, layers).forEach(layer -> states.add(new CapturePoint.BlockOutput(layer)));
    return states;
  }

  private static CapturePoint weightsOf(int layer) {
    return new CapturePoint.InBlock(layer, BlockPart.ATTENTION_WEIGHTS);
  }

  /**
   * The features of one answer.
   *
   * @throws IllegalArgumentException if no layer has attention over all that stands before a token
   */
  Map<AttentionFeature, float[]> of(int row, GivenAnswer answer, Set<AttentionFeature> wanted) {
    List<Integer> attending =
        IntStream.range(0, layers)
            .filter(layer -> captured.states().containsKey(weightsOf(layer)))
            .boxed()
            .toList();
    requireAll(attending);
    Map<AttentionFeature, float[]> features = new EnumMap<>(AttentionFeature.class);
    if (wanted.contains(AttentionFeature.LOOKBACK)) {
      features.put(AttentionFeature.LOOKBACK, lookback(row, answer, attending));
    }
    if (wanted.contains(AttentionFeature.ICR)) {
      float[] scores = new float[attending.size()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = icr(row, answer, attending.get(i));
      }
      features.put(AttentionFeature.ICR, scores);
    }
    return features;
  }

  private void requireAll(List<Integer> attending) {
    if (attending.isEmpty()) {
      throw new IllegalArgumentException(
          "no layer shows attention weights, which lookback and icr are made of; leave them out");
    }
    for (int layer : attending) {
      int keys = captured.get(weightsOf(layer)).dim(3);
      if (keys != prefix + columns) {
        throw new IllegalArgumentException(
            "layer %s attends to the last %s of %s tokens only; lookback and icr need all"
                .formatted(layer, keys, prefix + columns));
      }
    }
  }

  /** Column of a token among the keys. */
  private int key(GivenAnswer answer, int index) {
    return index < prefix ? index : prefix + columns - answer.ids().length + index;
  }

  /** Weights of an answer's tokens in one layer, [heads, tokens, keys]. */
  private MlxArray weights(int row, GivenAnswer answer, int layer) {
    MlxOps ops = step.ops();
    MlxArray all = ops.take(captured.get(weightsOf(layer)), step.ints(new int[] {row}, 1), 0);
    int first = key(answer, answer.first()) - prefix;
    MlxArray own =
        step.ints(IntStream.range(first, first + answer.tokens()).toArray(), answer.tokens());
    return ops.take(ops.squeeze(all, 0), own, 1);
  }

  private float[] lookback(int row, GivenAnswer answer, List<Integer> attending) {
    MlxOps ops = step.ops();
    int keys = prefix + columns;
    float[] context = new float[answer.tokens() * keys];
    float[] own = new float[answer.tokens() * keys];
    for (int t = 0; t < answer.tokens(); t++) {
      for (int i = 0; i < answer.first(); i++) {
        context[t * keys + key(answer, i)] = 1f / answer.first();
      }
      for (int i = 0; i <= t; i++) {
        own[t * keys + key(answer, answer.first() + i)] = 1f / (t + 1);
      }
    }
    MlxArray contextMean = step.floats(context, answer.tokens(), keys);
    MlxArray ownMean = step.floats(own, answer.tokens(), keys);
    MlxArray[] ratios = new MlxArray[attending.size()];
    for (int i = 0; i < ratios.length; i++) {
      MlxArray weights = weights(row, answer, attending.get(i));
      MlxArray c = ops.sum(ops.multiply(weights, contextMean), -1, false);
      MlxArray o = ops.sum(ops.multiply(weights, ownMean), -1, false);
      ratios[i] = ops.mean(ops.divide(c, ops.add(c, o)), -1, false);
    }
    return ops.concatenate(0, ratios).toFloats();
  }

  private float icr(int row, GivenAnswer answer, int layer) {
    MlxOps ops = step.ops();
    MlxArray entering = stream(row, layer);
    MlxArray leaving = stream(row, layer + 1);
    int[] places = IntStream.range(answer.first(), answer.end()).map(i -> key(answer, i)).toArray();
    MlxArray tokens = step.ints(places, places.length);
    MlxArray added = ops.subtract(ops.take(leaving, tokens, 0), ops.take(entering, tokens, 0));
    MlxArray lengths = ops.sqrt(ops.sum(ops.square(entering), -1, true));
    MlxArray projected =
        ops.divide(ops.matmul(added, ops.swapaxes(entering, 0, 1)), ops.swapaxes(lengths, 0, 1));
    MlxArray attention = ops.mean(weights(row, answer, layer), 0, false);
    step.eval(projected, attention);
    float[] projections = projected.toFloats();
    float[] attended = attention.toFloats();
    double sum = 0;
    for (int t = 0; t < places.length; t++) {
      int start = t * (prefix + columns);
      int[] keys =
          IntStream.rangeClosed(0, answer.first() + t).map(i -> start + key(answer, i)).toArray();
      sum += divergence(mostAttended(keys, attended), projections, attended);
    }
    return (float) (sum / places.length);
  }

  /** The residual stream at every key, [keys, hidden]; 0 is the embedding, then block by block. */
  private MlxArray stream(int row, int depth) {
    MlxOps ops = step.ops();
    MlxArray all = captured.get(states(layers).get(depth));
    MlxArray own =
        ops.squeeze(ops.take(ops.astype(all, DType.FLOAT32), step.ints(new int[] {row}, 1), 0), 0);
    if (prefix == 0) {
      return own;
    }
    MlxArray shared = ops.squeeze(ops.astype(before.get(depth), DType.FLOAT32), 0);
    return ops.concatenate(0, shared, own);
  }

  private static int[] mostAttended(int[] keys, float[] attention) {
    return IntStream.of(keys)
        .boxed()
        .sorted(Comparator.comparingDouble(key -> -attention[key]))
        .limit((long) Math.ceil(MOST_ATTENDED * keys.length))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double divergence(int[] keys, float[] one, float[] other) {
    double[] p = shares(keys, one);
    double[] q = shares(keys, other);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double m = (p[i] + q[i]) / 2;
      sum += term(p[i], m) + term(q[i], m);
    }
    return sum / 2;
  }

  private static double term(double p, double m) {
    return p > 0 ? p * Math.log(p / m) : 0;
  }

  /** softmax(zscore(values)) with the population's deviation; equal values get equal shares. */
  private static double[] shares(int[] keys, float[] values) {
    double mean = IntStream.of(keys).mapToDouble(key -> values[key]).average().orElseThrow();
    double variance =
        IntStream.of(keys)
            .mapToDouble(key -> (values[key] - mean) * (values[key] - mean))
            .average()
            .orElseThrow();
    double sd = variance > 0 ? Math.sqrt(variance) : 1;
    double[] powers =
        IntStream.of(keys).mapToDouble(key -> Math.exp((values[key] - mean) / sd)).toArray();
    double sum = IntStream.range(0, powers.length).mapToDouble(i -> powers[i]).sum();
    return IntStream.range(0, powers.length).mapToDouble(i -> powers[i] / sum).toArray();
  }
}
