package dev.hbar.study.statistics;

/**
 * How evidence is computed.
 *
 * @param resamples of the bootstrap; none leave the intervals of pooled areas NaN, and nothing else
 * @param seed of the bootstrap
 * @param level share of the resamples inside an interval
 */
public record EvidenceSettings(int resamples, long seed, double level) {
  /** The study's: 1000 resamples, 95 %, seed 42. */
  public static final EvidenceSettings DEFAULT = new EvidenceSettings(1000, 42, 0.95);

  /** For what shows no pooled area: most of the time goes into their intervals. */
  public static final EvidenceSettings NO_BOOTSTRAP = new EvidenceSettings(0, 42, 0.95);
}
