package dev.hbar.study.report.page;

import dev.hbar.study.statistics.Area;
import dev.hbar.study.statistics.Interval;
import java.util.Locale;

/** Numbers as a reader sees them. */
final class Figures {
  private Figures() {}

  /** Three digits after the point; a dash where there is no number. */
  static String three(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  /** For example {@code 0.603 [0.553, 0.653]}, the interval over records. */
  static String area(Area area) {
    return three(area.value()) + " " + interval(area.byRecord());
  }

  /** For example {@code [0.553, 0.653]}. */
  static String interval(Interval interval) {
    return "[" + three(interval.low()) + ", " + three(interval.high()) + "]";
  }

  /** A p value: three digits, or that it is smaller. */
  static String p(double p) {
    return p < 0.001 ? "< 0.001" : three(p);
  }

  /** Four significant digits. */
  static String significant(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
