package dev.hbar.study.detect;

/** A fitted detector: a number for a row of features, higher = more likely hallucinated. */
public sealed interface Scorer permits Linear, Distance {
  /** The score of one row. */
  double score(float[] row);
}
