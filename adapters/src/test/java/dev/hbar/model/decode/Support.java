package dev.hbar.model.decode;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The tokens that may be drawn, by the definitions of top-k, top-p and min-p. */
final class Support {
  private Support() {}

  /** Filters in the documented order, each on the distribution that the one before it left. */
  static Set<Integer> of(float[] logits, Sampling sampling) {
    int[] order = descending(logits);
    int kept = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double[] weights = weights(logits, order, kept, sampling.temperature());
    double total = Arrays.stream(weights, 0, kept).sum();
    double mass = 0;
    int nucleus = 0;
    while (nucleus < kept && mass < sampling.topP()) {
      mass += weights[nucleus++] / total;
    }
    Set<Integer> tokens = new TreeSet<>();
    for (int i = 0; i < nucleus; i++) {
      if (weights[i] >= sampling.minP() * weights[0]) {
        tokens.add(order[i]);
      }
    }
    return tokens;
  }

  /** Token ids, likeliest first. */
  static int[] descending(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(token -> -logits[token]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Probabilities at a temperature. */
  static double[] softmax(float[] logits, double temperature) {
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] / temperature);
    }
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(weight -> weight / sum).toArray();
  }

  private static double[] weights(float[] logits, int[] order, int kept, double temperature) {
    double[] weights = new double[order.length];
    for (int i = 0; i < kept; i++) {
      weights[i] = Math.exp((logits[order[i]] - logits[order[0]]) / temperature);
    }
    return weights;
  }
}
