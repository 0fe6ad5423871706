package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Correlation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/** Pearson's r and Spearman's rho of every two signals that vary. */
final class SignalCorrelations {
  private SignalCorrelations() {}

  static List<Correlation> of(ScoreColumns columns) {
    List<String> varying =
        columns.names().stream().filter(name -> varies(columns.column(name))).toList();
    List<Correlation> correlations = new ArrayList<>();
    for (int a = 0; a < varying.size(); a++) {
      for (int b = a + 1; b < varying.size(); b++) {
        double[] first = columns.column(varying.get(a));
        double[] second = columns.column(varying.get(b));
        correlations.add(
            new Correlation(
                varying.get(a),
                varying.get(b),
                new PearsonsCorrelation().correlation(first, second),
                new SpearmansCorrelation().correlation(first, second)));
      }
    }
    return correlations;
  }

  private static boolean varies(double[] values) {
    return Arrays.stream(values).distinct().limit(2).count() == 2;
  }
}
