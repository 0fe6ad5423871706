package dev.hbar.study.report;

import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.SamplingSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Strata;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What asking a model again gains over one pass, beside what it costs. */
public final class SamplingText {
  private static final List<Signal> SEMANTIC =
      List.of(
          SamplingSignals.SEMANTIC_ENTROPY,
          SamplingSignals.SEMANTIC_ENTROPY_DISCRETE,
          SamplingSignals.SEMANTIC_DISSENT);

  private SamplingText() {}

  /**
   * A table of signals and one of costs.
   *
   * @param scores of a run that asked again
   * @param costs the pass over the given answer, drawing, judging
   */
  public static String of(ScoreColumns scores, List<ScoringBackend.StageCost> costs) {
    Strata strata = new Strata(scores.taskOf(), scores.recordOf(), scores.labels());
    String gain =
        strata.size() == 0
            ? "all answers have one label: no score can be compared with it\n"
            : gain(scores, strata, costs) + shared(scores);
    return gain + '\n' + stages(costs);
  }

  private static String gain(
      ScoreColumns scores, Strata strata, List<ScoringBackend.StageCost> costs) {
    TextTable table = new TextTable();
    table.add(
        "score",
        "AUROC within tasks [95 %]",
        "right of two lower",
        "tokens per answer",
        "seconds per answer");
    for (Signal signal : GivenSignals.ALL) {
      table.add(row(signal, scores, strata, costs.subList(0, 1)));
    }
    for (Signal signal : SamplingSignals.ALL) {
      boolean judged = SEMANTIC.contains(signal);
      table.add(row(signal, scores, strata, costs.subList(1, judged ? 3 : 2)));
    }
    return table.render();
  }

  private static String shared(ScoreColumns scores) {
    int[] records = scores.recordOf();
    boolean several = Arrays.stream(records).distinct().count() < records.length;
    return several
        ? "Answers of one record share the entropies and lexical_spread, which are of the question:"
            + " those cannot tell them apart.\n"
        : "";
  }

  private static String stages(List<ScoringBackend.StageCost> costs) {
    TextTable table = new TextTable();
    table.add("cost in this run", "answers", "tokens per answer", "seconds per answer");
    for (ScoringBackend.StageCost cost : costs) {
      table.add(
          cost.stage(),
          Integer.toString(cost.answers()),
          tokens(cost.tokens(), cost.answers()),
          seconds(cost.seconds(), cost.answers()));
    }
    return table.render();
  }

  private static String[] row(
      Signal signal, ScoreColumns scores, Strata strata, List<ScoringBackend.StageCost> costs) {
    double sign = signal.risky() == Polarity.HIGH ? 1 : -1;
    double[] risky = Arrays.stream(scores.column(signal.id())).map(value -> sign * value).toArray();
    Estimate auroc = strata.auroc(strata.placements(risky));
    PairAccuracy pairs = PairAccuracy.of(risky, scores.labels(), scores.recordOf());
    int answers = costs.getFirst().answers();
    return new String[] {
      (sign < 0 ? "-" : "") + signal.id(),
      number("%.3f", auroc.value())
          + auroc.interval().map(i -> number(" [%.3f, %.3f]", i.low(), i.high())).orElse(""),
      pairs.records() == 0 ? "-" : number("%.3f", pairs.value()),
      tokens(costs.stream().mapToLong(ScoringBackend.StageCost::tokens).sum(), answers),
      seconds(costs.stream().mapToDouble(ScoringBackend.StageCost::seconds).sum(), answers)
    };
  }

  private static String tokens(long tokens, int answers) {
    return answers == 0 ? "-" : number("%.0f", tokens / (double) answers);
  }

  private static String seconds(double seconds, int answers) {
    return answers == 0 ? "-" : number("%.2f", seconds / answers);
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
