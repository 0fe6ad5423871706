package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.Strata;
import java.util.List;

/**
 * The detector against one baseline on the same samples.
 *
 * @param baseline its name
 * @param difference of the two AUROC
 * @param low of its 95 % percentile interval, records resampled
 * @param high of that interval
 * @param p two-sided, DeLong's test with the answers of a record taken together
 * @param holm p corrected for the number of baselines
 */
@JsonPropertyOrder({"baseline", "difference", "low", "high", "p", "holm"})
public record Against(
    String baseline, double difference, double low, double high, double p, double holm) {
  static Against of(
      String baseline, double[] detector, double[] other, Figure.Sides sides, long seed) {
    Bootstrap.Settings settings = new Bootstrap.Settings(1000, seed, 0.95);
    Bootstrap bootstrap =
        Bootstrap.run(
            List.of(
                new Ranking(sides.pick(detector), sides.labels()),
                new Ranking(sides.pick(other), sides.labels())),
            Bootstrap.Resamples.byRecord(sides.recordOf(), sides.labels(), seed),
            settings);
    double[] differences = bootstrap.auroc()[0].clone();
    for (int r = 0; r < differences.length; r++) {
      differences[r] -= bootstrap.auroc()[1][r];
    }
    Interval interval = bootstrap.interval(differences);
    Strata strata = sides.strata();
    Estimate difference =
        strata.difference(
            strata.placements(sides.pick(detector)), strata.placements(sides.pick(other)));
    return new Against(
        baseline,
        difference.value(),
        interval.low(),
        interval.high(),
        difference.p(),
        difference.p());
  }

  Against corrected(double corrected) {
    return new Against(baseline, difference, low, high, p, corrected);
  }
}
