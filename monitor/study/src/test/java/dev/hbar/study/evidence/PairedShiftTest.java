package dev.hbar.study.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairedShiftTest {
  private static final double[] FIRST = {1.0, 2.5, 2.5, 4.0, 0.5, 3.25};
  private static final double[] SECOND = {1.5, 2.0, 3.5, 4.5, 0.25, 5.0};

  @Test
  void shift_isScipys() {
    PairedShift shift = PairedShift.between(columns(FIRST, 0), columns(SECOND, 0)).getFirst();
    // numpy 2 and scipy: stats.t.interval, std(ddof=1), stats.spearmanr.
    assertEquals(0.5, shift.meanShift(), 1e-12);
    assertEquals(-0.3621993589313488, shift.interval().low(), 1e-9);
    assertEquals(1.3621993589313488, shift.interval().high(), 1e-9);
    assertEquals(0.3768445758127967, shift.shiftInSd(), 1e-12);
    assertEquals(0.9276336570439174, shift.spearman(), 1e-12);
  }

  @Test
  void sameFile_hasNoShiftAndFullCorrelation() {
    PairedShift shift = PairedShift.between(columns(FIRST, 0), columns(FIRST, 0)).getFirst();
    assertEquals(0, shift.meanShift());
    assertEquals(new Interval(0, 0), shift.interval());
    assertEquals(1, shift.spearman(), 1e-12);
    assertEquals(6, shift.samples());
  }

  @Test
  void samples_areMatchedByIdAndNotByPlace() {
    // The second file starts two samples later.
    PairedShift shift =
        PairedShift.between(columns(FIRST, 0), columns(new double[] {2.5, 4.0, 0.5, 3.25}, 2))
            .getFirst();
    assertEquals(4, shift.samples());
    assertEquals(0, shift.meanShift());
  }

  @Test
  void fewerThanThreeSharedSamples_giveNothing() {
    assertTrue(PairedShift.between(columns(FIRST, 0), columns(SECOND, 4)).isEmpty());
    assertEquals(
        3, PairedShift.between(columns(FIRST, 0), columns(SECOND, 3)).getFirst().samples());
  }

  private static ScoreColumns columns(double[] pri, int from) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < pri.length; i++) {
      rows.add(new Scored("qa_" + (from + i) + "_cor", i % 2, Map.of("pri", pri[i])));
    }
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "tiny", Optional.empty()), rows, Map.of());
  }
}
