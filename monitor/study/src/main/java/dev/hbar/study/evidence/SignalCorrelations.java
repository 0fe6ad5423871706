package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoreColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/** Pearson's r and Spearman's rho of every two signals that vary. */
final class SignalCorrelations {
  private SignalCorrelations() {}

  static List<Evidence.Correlation> of(ScoreColumns columns) {
    List<String> varying =
        columns.names().stream().filter(name -> varies(columns.column(name))).toList();
    NaturalRanking midRanks = new NaturalRanking(TiesStrategy.AVERAGE);
    List<double[]> values = varying.stream().map(columns::column).toList();
    List<double[]> ranks = values.stream().map(midRanks::rank).toList();
    List<Evidence.Correlation> correlations = new ArrayList<>();
    for (int a = 0; a < varying.size(); a++) {
      for (int b = a + 1; b < varying.size(); b++) {
        correlations.add(
            new Evidence.Correlation(
                varying.get(a),
                varying.get(b),
                pearson(values.get(a), values.get(b)),
                // Spearman's is Pearson's of the mid-ranks, which are made once.
                pearson(ranks.get(a), ranks.get(b))));
      }
    }
    return correlations;
  }

  private static double pearson(double[] first, double[] second) {
    return new PearsonsCorrelation().correlation(first, second);
  }

  private static boolean varies(double[] values) {
    return Arrays.stream(values).distinct().limit(2).count() == 2;
  }
}
