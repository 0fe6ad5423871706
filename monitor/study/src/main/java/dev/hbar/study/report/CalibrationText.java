package dev.hbar.study.report;

import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.calibrate.FlagRule;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Update;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.calibrate.Validation.BestOnTest;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Calibrated parameters, their validation and what they can promise, as text for people. */
public final class CalibrationText {
  private static final List<String> SIGNALS = ScoreColumns.CALIBRATED;

  private CalibrationText() {}

  /**
   * Calibrated parameters: what an update found, thresholds, joint model, quadrants, then the
   * evidence; ends in a line end.
   */
  public static String of(Parameters parameters) {
    TextTable table = new TextTable();
    table.add("flag if", "precision on these samples (recall at least 0.9)");
    table.add(
        rule(Signal.HBAR.id(), parameters, parameters.tauHbar()),
        NumberText.number("%.4f", parameters.bestPrecisionHbar()));
    table.add(
        rule(Signal.PRI.id(), parameters, parameters.tauPri()),
        NumberText.number("%.4f", parameters.bestPrecisionPri()));
    table.add(
        "joint >= " + NumberText.number("%.6f", parameters.jointThreshold()),
        NumberText.number("%.4f", parameters.bestPrecisionJoint()));
    return parameters.update().map(CalibrationText::update).orElse("")
        + table.render()
        + "\n"
        + joint(parameters)
        + turnedRound(parameters)
        + parameters.quadrantAnalysis().map(CalibrationText::quadrants).orElse("")
        + parameters.evidence().map(evidence -> "\n" + EvidenceText.of(evidence)).orElse("");
  }

  private static String turnedRound(Parameters parameters) {
    List<String> signals =
        Stream.of(Signal.HBAR.id(), Signal.PRI.id()).filter(parameters::isTurnedRound).toList();
    return signals.isEmpty()
        ? ""
        : "Warning: %s ranks these samples the wrong way round; --polarity fitted turns it%n"
            .formatted(String.join(" and ", signals));
  }

  /** One line per quadrant. */
  private static String quadrants(FlagRule.Quadrants quadrants) {
    TextTable table = new TextTable();
    table.add("quadrant", "flagged by", "samples", "hallucinated");
    table.add(quadrant("Q1", "neither", quadrants.q1()));
    table.add(quadrant("Q2", "both", quadrants.q2()));
    table.add(quadrant("Q3", "pri only", quadrants.q3()));
    table.add(quadrant("Q4", "hbar only", quadrants.q4()));
    return "\n" + table.render();
  }

  private static String[] quadrant(
      String name, String flaggedBy, FlagRule.Quadrants.Cell quadrant) {
    return new String[] {
      name,
      flaggedBy,
      Integer.toString(quadrant.count()),
      NumberText.number("%.1f %%", 100 * quadrant.hallucinationRate())
    };
  }

  private static String rule(String signal, Parameters parameters, double tau) {
    String sign =
        switch (parameters.polarityOf(signal)) {
          case LOW -> " <= ";
          case HIGH -> " >= ";
        };
    return signal + sign + NumberText.number("%.6f", tau);
  }

  private static String joint(Parameters parameters) {
    RiskRule.JointModel model = parameters.jointModelWeights();
    return "joint = 1 / (1 + exp(-(%s hbar %s pri %s)))%s%n"
        .formatted(
            NumberText.number("%.4f", model.wHbar()),
            NumberText.number("%+.4f", model.wPri()),
            NumberText.number("%+.4f", model.intercept()),
            parameters
                .jointFit()
                .map(
                    fit ->
                        ", C %s by %s"
                            .formatted(
                                NumberText.number("%.4g", fit.c()),
                                fit.rule().id().replace('_', '-')))
                .orElse(""));
  }

  private static String update(Update update) {
    return "%s%n%n%s%n%s%nfitted on %s%n%n"
        .formatted(update.verdict(), drift(update), thresholds(update), samples(update));
  }

  private static String drift(Update update) {
    TextTable table = new TextTable();
    table.add("signal", "mean before", "now", "shift [95 %]", "KS distance", "p (Holm)", "drift");
    for (Update.Drift drift : update.drift()) {
      table.add(
          drift.signal(),
          NumberText.number("%.4g", drift.oldMean()),
          NumberText.number("%.4g", drift.newMean()),
          NumberText.number("%+.4g", drift.shift())
              + " "
              + NumberText.interval(drift.interval(), "%+.4g"),
          NumberText.number("%.3f", drift.distance()),
          NumberText.number("%.4f", drift.pHolm()),
          drift.isDrift() ? "yes" : "not seen");
    }
    return table.render();
  }

  private static String thresholds(Update update) {
    TextTable table = new TextTable();
    table.add("old threshold", "precision before", "now [95 %]", "recall now [95 %]", "it");
    for (Update.ThresholdCheck check : update.thresholds()) {
      table.add(
          check.signal() + " " + NumberText.number("%.6f", check.tau()),
          NumberText.number("%.3f", check.promisedPrecision()),
          share(check.precision()),
          share(check.recall()),
          check.words());
    }
    return table.render();
  }

  private static String share(Update.ThresholdCheck.Share share) {
    return NumberText.number("%.3f", share.value())
        + " "
        + NumberText.interval(share.interval(), "%.3f");
  }

  private static String samples(Update update) {
    return update.kept()
        ? "%s old samples (%s of them replaced) and %s new ones"
            .formatted(update.oldSamples(), update.replaced(), update.newSamples())
        : "the %s new samples only".formatted(update.newSamples());
  }

  /** A validation: performance, quadrants, then the evidence; ends in a line end. */
  public static String of(Validation result) {
    TextTable table = new TextTable();
    table.add(
        "flag by",
        "calibrated tau",
        "precision",
        "recall",
        "[[TN, FP], [FN, TP]]",
        "best tau on this very set: precision");
    Validation.TestedThresholds taus = result.calibratedThresholds();
    Validation.PerSignal<FlagRule.Performance> reached = result.performanceAtCalibratedThresholds();
    Validation.PerSignal<BestOnTest> best = result.bestOnTestSweep();
    table.add(threshold(Signal.HBAR.id(), taus.tauHbar(), reached.hbarAlone(), best.hbarAlone()));
    table.add(threshold(Signal.PRI.id(), taus.tauPri(), reached.priAlone(), best.priAlone()));
    table.add(threshold(Signal.JOINT.id(), taus.tauJoint(), reached.joint(), best.joint()));
    // The evidence repeats its own warnings; what comes from the parameters is only here.
    return EvidenceText.warnings(
            result.warnings().stream()
                .filter(text -> !result.evidence().warnings().contains(text))
                .toList())
        + table.render()
        + quadrants(result.quadrantAnalysis())
        + "\n"
        + EvidenceText.of(result.evidence());
  }

  private static String[] threshold(
      String name, double tau, FlagRule.Performance reached, BestOnTest best) {
    return new String[] {
      name,
      NumberText.number("%.6f", tau),
      NumberText.number("%.4f", reached.precision()),
      NumberText.number("%.4f", reached.recall()),
      Arrays.deepToString(reached.confusionMatrix()),
      NumberText.number("%.6f", best.bestTauTest())
          + ": "
          + NumberText.number("%.4f", best.bestPrecisionTest())
    };
  }

  /**
   * What can be promised about the answers that a threshold keeps, one line per signal. One answer
   * is drawn of every record, because two would not be independent.
   *
   * @param columns scores of samples that nothing was fitted on
   * @param polarity which side of a signal is risky
   * @param mostWrong accepted share of wrong answers among the kept ones
   * @param confidence of the promise
   */
  public static String promise(
      ScoreColumns columns,
      Function<String, Polarity> polarity,
      double mostWrong,
      double confidence) {
    int[] drawn = Promise.oneOfEachRecord(columns.recordOf());
    int[] labels = Arrays.stream(drawn).map(i -> columns.labels()[i]).toArray();
    StringBuilder text = new StringBuilder();
    for (String signal : SIGNALS) {
      Polarity risky = polarity.apply(signal);
      double[] all = risky.orient(columns.column(signal));
      double[] scores = Arrays.stream(drawn).mapToDouble(i -> all[i]).toArray();
      Optional<Promise> promise = Promise.of(scores, labels, mostWrong, confidence);
      text.append(
          promise
              .map(found -> promise(signal, risky, found))
              .orElse(
                  "no threshold on %s keeps at most %s %% wrong answers with confidence %s %%%n"
                      .formatted(signal, percent(mostWrong), percent(confidence))));
    }
    return text.toString();
  }

  private static String promise(String signal, Polarity risky, Promise promise) {
    String bound = NumberText.number("%.6f", risky.orient(promise.threshold()));
    return "with %s %s %s at most %s %% of the answers are wrong, confidence %s %% (%s of %s kept, %s wrong)%n"
        .formatted(
            signal,
            risky == Polarity.HIGH ? "<" : ">",
            bound,
            percent(promise.mostWrong()),
            percent(promise.confidence()),
            promise.kept(),
            promise.samples(),
            promise.wrong());
  }

  private static String percent(double share) {
    return NumberText.number("%.4g", 100 * share).replaceFirst("\\.?0+$", "");
  }
}
