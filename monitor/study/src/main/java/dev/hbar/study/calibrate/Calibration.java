package dev.hbar.study.calibrate;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.EvidenceSettings;
import dev.hbar.study.statistics.Interval;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the scores of the training set to parameters, as the study defines it. */
public final class Calibration {
  private static final String HBAR = Parameters.HBAR;
  private static final String PRI = Parameters.PRI;

  private Calibration() {}

  /**
   * Calibrates.
   *
   * @param scores of the training set
   * @param rule how the risky side of each signal is chosen
   * @throws dev.hbar.study.scores.ScoreFileException if a label has fewer than {@value
   *     JointFit#FOLDS} samples
   */
  public static Parameters of(ScoreColumns scores, PolarityRule rule, EvidenceSettings settings) {
    scores.requireOfEachLabel(JointFit.FOLDS);
    JointFit fit = JointFit.of(scores.column(HBAR), scores.column(PRI), scores.labels());
    ScoreColumns columns = scores.withJoint(fit.model());
    // The joint probability has its direction from the fit.
    Map<String, Polarity> polarity = rule.decide(scores);
    Flag.Found hbar = Flag.best(columns, HBAR, polarity.get(HBAR));
    Flag.Found pri = Flag.best(columns, PRI, polarity.get(PRI));
    Flag.Found joint = Flag.best(columns, ScoreColumns.JOINT, Polarity.HIGH);
    Set<String> fitted = new HashSet<>(Set.of(ScoreColumns.JOINT));
    if (rule == PolarityRule.FITTED) {
      fitted.addAll(polarity.keySet());
    }
    Evidence evidence = new EvidenceAnalysis(columns, polarity, fitted, settings).run();
    return new Parameters(
        auroc(evidence, HBAR),
        auroc(evidence, PRI),
        auroc(evidence, ScoreColumns.JOINT),
        hbar.flag().tau(),
        pri.flag().tau(),
        fit.model(),
        hbar.precision(),
        pri.precision(),
        joint.precision(),
        Optional.of(joint.flag().tau()),
        polarity,
        Optional.of(rule),
        intervals(evidence),
        Optional.of(fit),
        Optional.of(Quadrants.of(columns, hbar.flag(), pri.flag())),
        Optional.of(evidence),
        Optional.of(columns.origin()),
        Optional.empty(),
        columns.rows());
  }

  private static double auroc(Evidence evidence, String signal) {
    return evidence.signal(signal).orElseThrow().auroc().value();
  }

  private static Map<String, Interval> intervals(Evidence evidence) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (SignalEvidence signal : evidence.signals()) {
      intervals.put("auroc_" + signal.signal(), signal.auroc().byRecord());
    }
    return intervals;
  }
}
