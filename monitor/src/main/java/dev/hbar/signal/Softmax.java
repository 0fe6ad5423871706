package dev.hbar.signal;

/** p = softmax(z) without temperature, shifted by the largest logit so that exp cannot overflow. */
final class Softmax {
  private Softmax() {}

  /**
   * Probabilities of one row of logits.
   *
   * @param logits [vocab], finite
   * @return [vocab], sums to 1
   */
  static double[] of(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      max = Math.max(max, z);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
