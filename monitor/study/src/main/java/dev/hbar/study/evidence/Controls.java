package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Auroc;
import dev.hbar.study.statistics.DeLong;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The control table: what lengths and the place in the file reach. If one of them is near a signal
 * that looks too good, the data gives the label away.
 */
final class Controls {
  private static final String PLACE = "place in the file";

  private Controls() {}

  static List<Control> of(ScoreColumns columns) {
    ScoreColumns placed =
        columns.with(PLACE, IntStream.range(0, columns.size()).asDoubleStream().toArray());
    List<Control> controls = new ArrayList<>();
    for (String name : placed.names()) {
      if (name.equals(PLACE) || Baselines.isLength(name)) {
        controls.add(control(placed, name));
      }
    }
    return controls;
  }

  private static Control control(ScoreColumns columns, String name) {
    double[] high = columns.column(name, 1);
    double[] low = columns.column(name, 0);
    Auroc auroc = DeLong.of(high, low).orElseThrow();
    Auroc better = auroc.value() < 0.5 ? DeLong.of(low, high).orElseThrow() : auroc;
    return new Control(name, better.value(), better.interval());
  }
}
