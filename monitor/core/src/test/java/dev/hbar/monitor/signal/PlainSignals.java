package dev.hbar.monitor.signal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The signals in plain Java, in double precision, straight from their formulas: the oracle of what
 * runs inside the graph. Logits are finite, [vocab]; at least two where the margin is asked for.
 */
final class PlainSignals {
  private PlainSignals() {}

  /** p = softmax(z), shifted by the largest logit so that exp cannot overflow. */
  static double[] softmax(float[] logits) {
    int likeliest = 0;
    for (int i = 1; i < logits.length; i++) {
      likeliest = logits[i] > logits[likeliest] ? i : likeliest;
    }
    double[] p = new double[logits.length];
    double others = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - (double) logits[likeliest]);
      others += i == likeliest ? 0 : p[i];
    }
    // Added last: small values added to 1 one by one would lose their digits.
    double sum = 1 + others;
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  static double deltaMu(float[] logits) {
    double squares = 0;
    for (double p : softmax(logits)) {
      squares += p * p;
    }
    // Rounding can leave 1 - sum p^2 a few ulp below zero for a one-hot row.
    return 1 / Math.sqrt(Math.max(0, 1 - squares) + 1e-2);
  }

  /** Of block outputs [layers, hidden]. */
  static double deltaSigma(float[][] blocks) {
    double[][] directions = new double[blocks.length][];
    double[] mean = new double[blocks[0].length];
    for (int i = 0; i < blocks.length; i++) {
      directions[i] = direction(blocks[i]);
      for (int d = 0; d < mean.length; d++) {
        mean[d] += directions[i][d] / blocks.length;
      }
    }
    double variance = 0;
    for (double[] x : directions) {
      double distance = 0;
      for (int d = 0; d < x.length; d++) {
        distance += (x[d] - mean[d]) * (x[d] - mean[d]);
      }
      variance += distance / blocks.length;
    }
    return Math.sqrt(variance);
  }

  private static double[] direction(float[] h) {
    double squares = 1e-8;
    for (float value : h) {
      // Widened before squaring: float16-massive activations overflow in narrow arithmetic.
      squares += (double) value * value;
    }
    double[] x = new double[h.length];
    for (int d = 0; d < x.length; d++) {
      x[d] = h[d] / Math.sqrt(squares);
    }
    return x;
  }

  static double surprise(float[] logits, int token) {
    double others = 0;
    for (int i = 0; i < logits.length; i++) {
      if (i != token) {
        others += Math.exp(logits[i] - (double) logits[token]);
      }
    }
    // -ln(1 / (1 + others)): near p = 1 the direct -ln(p) loses every digit, log1p keeps them.
    return Math.min(-Math.log(1e-10), Math.log1p(others));
  }

  /** Between the last block's outputs of two consecutive tokens. */
  static double drift(float[] previous, float[] current) {
    double dot = 0;
    double previousSquares = 0;
    double currentSquares = 0;
    for (int d = 0; d < current.length; d++) {
      dot += (double) previous[d] * current[d];
      previousSquares += (double) previous[d] * previous[d];
      currentSquares += (double) current[d] * current[d];
    }
    double norms = Math.sqrt(previousSquares) * Math.sqrt(currentSquares);
    return 1 - Math.clamp(dot / Math.max(norms, 1e-8), -1.0, 1.0);
  }

  static double entropy(float[] logits) {
    return entropyOf(softmax(logits));
  }

  private static double entropyOf(double[] p) {
    double entropy = 0;
    for (double each : p) {
      // The limit of p ln p at 0 is 0; in floating point it would be NaN.
      entropy -= each > 0 ? each * Math.log(each) : 0;
    }
    return entropy;
  }

  /** The others summed instead of 1 - max p, which has no digits left for a confident row. */
  static double maxProb(float[] logits) {
    double[] p = softmax(logits);
    Arrays.sort(p);
    return Arrays.stream(p, 0, p.length - 1).sum();
  }

  static double margin(float[] logits) {
    double[] p = softmax(logits);
    Arrays.sort(p);
    return p[p.length - 2] - p[p.length - 1];
  }

  /** Overlap of softmax(z / 2) with the uniform distribution. */
  static double overlap(float[] logits) {
    float[] flattened = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      flattened[i] = logits[i] / 2;
    }
    double overlap = 0;
    for (double q : softmax(flattened)) {
      overlap += Math.sqrt(q / logits.length);
    }
    return overlap;
  }

  static double renyi(double overlap) {
    return 2 * Math.log(overlap);
  }

  static double fisherRao(double overlap) {
    return -2 / Math.PI * Math.acos(Math.min(1, overlap));
  }

  static double selfCertainty(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (float z : logits) {
      max = Math.max(max, z);
      sum += z;
    }
    double total = 0;
    for (float z : logits) {
      total += Math.exp(z - max);
    }
    return sum / logits.length - max - Math.log(total) + Math.log(logits.length);
  }

  static double topkNegentropy(float[] logits) {
    double[] p = softmax(logits);
    Arrays.sort(p);
    double[] top = Arrays.copyOfRange(p, Math.max(0, p.length - 15), p.length);
    double sum = Arrays.stream(top).sum();
    return entropyOf(Arrays.stream(top).map(each -> each / sum).toArray()) / Math.log(top.length)
        - 1;
  }

  static double boosted(float[] logits, int token) {
    double[] p = softmax(logits);
    double[] ascending = p.clone();
    Arrays.sort(ascending);
    double least = Double.POSITIVE_INFINITY;
    for (int i = ascending.length - 1; i > 0; i--) {
      double drop = ascending[i] - ascending[i - 1];
      if (drop > 0.3f * ascending[i] && drop > 0.005f) {
        least = ascending[i];
      }
    }
    double bound = least;
    return p[token] >= bound ? -Arrays.stream(p).filter(each -> each >= bound).sum() : -p[token];
  }

  /** Those of {@link DistributionSignals#ALL}, in their order. */
  static Map<Signal, Double> distribution(float[] logits, int token) {
    Map<Signal, Double> signals = new LinkedHashMap<>();
    signals.put(DistributionSignals.ENTROPY, entropy(logits));
    signals.put(DistributionSignals.MAX_PROB, maxProb(logits));
    signals.put(DistributionSignals.MARGIN, margin(logits));
    signals.put(DistributionSignals.RENYI, renyi(overlap(logits)));
    signals.put(DistributionSignals.FISHER_RAO, fisherRao(overlap(logits)));
    signals.put(DistributionSignals.SELF_CERTAINTY, selfCertainty(logits));
    signals.put(DistributionSignals.TOPK_NEGENTROPY, topkNegentropy(logits));
    signals.put(DistributionSignals.BOOSTED_PROB, boosted(logits, token));
    return signals;
  }
}
