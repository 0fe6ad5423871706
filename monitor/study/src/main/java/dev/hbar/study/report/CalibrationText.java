package dev.hbar.study.report;

import dev.hbar.monitor.risk.JointModel;
import dev.hbar.study.calibrate.FlagRule;
import dev.hbar.study.calibrate.Parameters;
import java.util.List;
import java.util.stream.Stream;

/** Calibrated parameters as text for people. */
public final class CalibrationText {
  private CalibrationText() {}

  /**
   * What an update found, thresholds, joint model, quadrants, then the evidence; ends in a line
   * end.
   */
  public static String of(Parameters parameters) {
    TextTable table = new TextTable();
    table.add("flag if", "precision on these samples (recall at least 0.9)");
    table.add(
        rule("hbar", parameters, parameters.tauHbar()),
        EvidenceText.number("%.4f", parameters.bestPrecisionHbar()));
    table.add(
        rule("pri", parameters, parameters.tauPri()),
        EvidenceText.number("%.4f", parameters.bestPrecisionPri()));
    table.add(
        "joint >= " + EvidenceText.number("%.6f", parameters.jointThreshold()),
        EvidenceText.number("%.4f", parameters.bestPrecisionJoint()));
    return parameters.update().map(UpdateText::of).orElse("")
        + table.render()
        + "\n"
        + joint(parameters)
        + turnedRound(parameters)
        + parameters.quadrantAnalysis().map(CalibrationText::quadrants).orElse("")
        + parameters.evidence().map(evidence -> "\n" + EvidenceText.of(evidence)).orElse("");
  }

  private static String turnedRound(Parameters parameters) {
    List<String> signals = Stream.of("hbar", "pri").filter(parameters::isTurnedRound).toList();
    return signals.isEmpty()
        ? ""
        : "Warning: %s ranks these samples the wrong way round; --polarity fitted turns it%n"
            .formatted(String.join(" and ", signals));
  }

  /** One line per quadrant. */
  static String quadrants(FlagRule.Quadrants quadrants) {
    TextTable table = new TextTable();
    table.add("quadrant", "flagged by", "samples", "hallucinated");
    table.add(row("Q1", "neither", quadrants.q1()));
    table.add(row("Q2", "both", quadrants.q2()));
    table.add(row("Q3", "pri only", quadrants.q3()));
    table.add(row("Q4", "hbar only", quadrants.q4()));
    return "\n" + table.render();
  }

  private static String[] row(String name, String flaggedBy, FlagRule.Quadrants.Cell quadrant) {
    return new String[] {
      name,
      flaggedBy,
      Integer.toString(quadrant.count()),
      EvidenceText.number("%.1f %%", 100 * quadrant.hallucinationRate())
    };
  }

  private static String rule(String signal, Parameters parameters, double tau) {
    String sign =
        switch (parameters.polarityOf(signal)) {
          case LOW -> " <= ";
          case HIGH -> " >= ";
        };
    return signal + sign + EvidenceText.number("%.6f", tau);
  }

  private static String joint(Parameters parameters) {
    JointModel model = parameters.jointModelWeights();
    return "joint = 1 / (1 + exp(-(%s hbar %s pri %s)))%s%n"
        .formatted(
            EvidenceText.number("%.4f", model.wHbar()),
            EvidenceText.number("%+.4f", model.wPri()),
            EvidenceText.number("%+.4f", model.intercept()),
            parameters
                .jointFit()
                .map(
                    fit ->
                        ", C %s by %s"
                            .formatted(
                                EvidenceText.number("%.4g", fit.c()),
                                fit.rule().id().replace('_', '-')))
                .orElse(""));
  }
}
