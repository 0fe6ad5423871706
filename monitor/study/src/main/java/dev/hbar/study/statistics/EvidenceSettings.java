package dev.hbar.study.statistics;

/**
 * How evidence is computed.
 *
 * @param resamples of the bootstrap
 * @param seed of the bootstrap
 * @param level share of the resamples inside an interval
 */
public record EvidenceSettings(int resamples, long seed, double level) {
  /** The study's: 1000 resamples, 95 %, seed 42. */
  public static final EvidenceSettings DEFAULT = new EvidenceSettings(1000, 42, 0.95);
}
