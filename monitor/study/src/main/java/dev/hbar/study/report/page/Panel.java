package dev.hbar.study.report.page;

import dev.hbar.study.statistics.Interval;
import java.util.List;
import java.util.Optional;

/**
 * Areas on one set of answers.
 *
 * @param title of the set
 * @param about how many answers it has
 * @param rows signals or detectors, then what they are compared with
 */
record Panel(String title, String about, List<Row> rows) {
  /** Copies the list. */
  Panel {
    rows = List.copyOf(rows);
  }

  /**
   * A row.
   *
   * @param area an AUROC
   * @param interval of it, 95 %
   * @param baseline whether it knows nothing of the model
   */
  record Row(String name, double area, Optional<Interval> interval, boolean baseline) {}
}
