package dev.hbar.study.statistics;

/**
 * Selective answering: keep the least risky answers, and see how many of them are hallucinated.
 * Answers of equal score are kept together, each counting as their mean. The arrays are not to be
 * changed.
 *
 * @param coverage share kept, ascending, one point per sample
 * @param risk share of hallucinated answers among the kept
 */
public record RiskCoverage(double[] coverage, double[] risk) {

  /** The curve of a score's counts. */
  public static RiskCoverage of(ThresholdCounts counts) {
    int samples = counts.positives() + counts.negatives();
    double[] coverage = new double[samples];
    double[] risk = new double[samples];
    int[] hits = counts.truePositives();
    int[] misses = counts.falsePositives();
    int kept = 0;
    double wrong = 0;
    for (int group = hits.length - 1; group >= 0; group--) {
      int groupWrong = hits[group] - (group == 0 ? 0 : hits[group - 1]);
      int size = groupWrong + misses[group] - (group == 0 ? 0 : misses[group - 1]);
      for (int i = 0; i < size; i++) {
        wrong += groupWrong / (double) size;
        coverage[kept] = (kept + 1) / (double) samples;
        risk[kept] = wrong / (kept + 1);
        kept++;
      }
    }
    return new RiskCoverage(coverage, risk);
  }

  /**
   * Prediction rejection ratio over all coverages: how far the area under this curve is on its way
   * from a random order's to that of an oracle that rejects every hallucination first. NaN if there
   * is nothing to tell apart.
   */
  public double rejectionRatio() {
    int samples = risk.length;
    double base = samples == 0 ? Double.NaN : risk[samples - 1];
    long wrong = Math.round(base * samples);
    double area = 0;
    double oracle = 0;
    for (int kept = 1; kept <= samples; kept++) {
      area += risk[kept - 1];
      oracle += Math.max(0, kept - (samples - wrong)) / (double) kept;
    }
    return (base * samples - area) / (base * samples - oracle);
  }
}
