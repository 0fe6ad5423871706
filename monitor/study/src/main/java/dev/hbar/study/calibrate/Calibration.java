package dev.hbar.study.calibrate;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.dataset.Protocol;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
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
   * @throws dev.hbar.study.StudyException if a label has fewer than {@value JointFit#FOLDS}
   *     samples
   */
  public static Parameters of(ScoreColumns scores, PolarityRule rule, Bootstrap.Settings settings) {
    scores.requireOfEachLabel(JointFit.FOLDS);
    JointFit fit = fit(scores);
    ScoreColumns columns = scores.withJoint(fit.model());
    // The joint probability has its direction from the fit.
    Map<String, Polarity> polarity = rule.decide(scores);
    FlagRule.Found hbar = FlagRule.best(columns, HBAR, polarity.get(HBAR));
    FlagRule.Found pri = FlagRule.best(columns, PRI, polarity.get(PRI));
    FlagRule.Found joint = FlagRule.best(columns, ScoreColumns.JOINT, Polarity.HIGH);
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
        Optional.of(FlagRule.Quadrants.of(columns, hbar.flag(), pri.flag())),
        Optional.of(evidence),
        Optional.of(columns.origin()),
        Optional.empty(),
        columns.rows());
  }

  /** The study's own rule is kept for its protocol, and for published scores, which have none. */
  private static JointFit fit(ScoreColumns scores) {
    double[] hbar = scores.column(HBAR);
    double[] pri = scores.column(PRI);
    boolean study =
        scores
            .origin()
            .run()
            .map(run -> run.protocol().equals(Protocol.STUDY_2026_01.id()))
            .orElse(true);
    return study
        ? JointFit.of(hbar, pri, scores.labels())
        : JointFit.calibrated(hbar, pri, scores.labels(), scores.recordOf());
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
