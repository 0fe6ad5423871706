package dev.hbar.study.report.page;

import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.Locale;

/** Numbers as a reader sees them. */
final class Figures {
  private Figures() {}

  /** Three digits after the point; a dash where there is no number. */
  static String three(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  /** For example {@code 0.603 [0.553, 0.653]}, the interval over records. */
  static String area(SignalEvidence.PooledArea area) {
    return three(area.value()) + " " + interval(area.byRecord());
  }

  /** For example {@code [0.553, 0.653]}. */
  static String interval(Interval interval) {
    return "[" + three(interval.low()) + ", " + three(interval.high()) + "]";
  }

  /** The same with the interval by record, where there is one. */
  static String estimate(Estimate estimate) {
    return three(estimate.value()) + estimate.interval().map(i -> " " + interval(i)).orElse("");
  }

  /** The share of pairs ranked rightly. */
  static String pairs(PairAccuracy pairs) {
    return pairs.records() == 0
        ? "-"
        : three(pairs.value()) + pairs.interval().map(i -> " " + interval(i)).orElse("");
  }

  /** Four significant digits. */
  static String significant(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
