package dev.hbar.study.report;

import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.Locale;

/** How numbers, intervals and estimates are printed; independent of the locale. */
public final class NumberText {
  private static final double SMALLEST_P = 0.0001;

  private NumberText() {}

  /** A number in a format of {@link String#format}. */
  public static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Three decimals; a dash for NaN. */
  public static String three(double value) {
    return Double.isNaN(value) ? "-" : number("%.3f", value);
  }

  /** Four significant digits. */
  public static String significant(double value) {
    return number("%.4g", value);
  }

  /** An interval whose bounds have the given format. */
  static String interval(Interval interval, String format) {
    return "[" + number(format, interval.low()) + ", " + number(format, interval.high()) + "]";
  }

  /** For example {@code [0.553, 0.653]}. */
  public static String interval(Interval interval) {
    return "[" + three(interval.low()) + ", " + three(interval.high()) + "]";
  }

  /** For example {@code 0.603 [0.553, 0.653]}, with the interval by record. */
  public static String area(SignalEvidence.PooledArea area) {
    return three(area.value()) + " " + interval(area.byRecord());
  }

  /** For example {@code 0.603 [0.553, 0.653]}, or {@code 0.603 [no interval]}. */
  static String estimate(Estimate estimate) {
    return number("%.3f", estimate.value())
        + estimate.interval().map(i -> " " + interval(i, "%.3f")).orElse(" [no interval]");
  }

  /** The share of pairs that are ranked correctly; a dash without pairs. */
  static String pairs(PairAccuracy pairs) {
    return pairs.records() == 0 ? "-" : number("%.3f", pairs.value());
  }

  /** Mean and standard deviation; a dash without values. */
  static String moments(Moments moments) {
    return moments.count() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.4g (%.3g)", moments.mean(), moments.sd());
  }

  /** A p value: four decimals, or that it is smaller. */
  public static String p(double p) {
    return p < SMALLEST_P ? "< 0.0001" : number("%.4f", p);
  }

  /** The p value of an estimate, and on which side of zero the estimate lies. */
  public static String p(Estimate estimate) {
    double value = estimate.value();
    return p(estimate.p()) + (value > 0 ? " (riskier)" : value < 0 ? " (less risky)" : "");
  }
}
