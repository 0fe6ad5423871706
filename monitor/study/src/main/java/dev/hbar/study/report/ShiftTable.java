package dev.hbar.study.report;

import dev.hbar.study.evidence.PairedShift;
import java.util.List;

/** Shifts of signals between two files of the same samples, for people. */
public final class ShiftTable {
  private ShiftTable() {}

  /** One line per signal. */
  public static String text(List<PairedShift> shifts) {
    TextTable table = new TextTable();
    table.add("signal", "samples", "mean shift [95 %]", "in sd", "rank correlation");
    for (PairedShift shift : shifts) {
      table.add(
          shift.signal(),
          Integer.toString(shift.samples()),
          EvidenceText.number("%.4g", shift.meanShift())
              + " "
              + EvidenceText.interval(shift.interval(), "%.4g"),
          EvidenceText.number("%.3f", shift.shiftInSd()),
          EvidenceText.number("%.3f", shift.spearman()));
    }
    return table.render();
  }
}
