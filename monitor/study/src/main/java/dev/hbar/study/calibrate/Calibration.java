package dev.hbar.study.calibrate;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.hbar.mlx.HbarException;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.Protocol;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Ranking;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
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
   * @throws dev.hbar.study.StudyException if a label has fewer than {@value JointFit#FOLDS} samples
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

  /** How calibration chooses the side of a signal that counts as risky. */
  public enum PolarityRule {
    /** As the study defines it: low hbar_s and high PRI are risky, whatever the samples say. */
    STUDY,
    /**
     * For every signal the side that ranks the calibration samples better, then kept: some models
     * turn a signal round. The usual side where both are equal.
     */
    FITTED;

    /** The signals whose side is decided here; the others have the usual one. */
    Map<String, Polarity> decide(ScoreColumns columns) {
      Map<String, Polarity> decided = new LinkedHashMap<>();
      for (String signal : this == STUDY ? Parameters.FLAGGED : columns.names()) {
        decided.put(signal, this == STUDY ? Signal.of(signal).risky() : fitted(columns, signal));
      }
      return decided;
    }

    private static Polarity fitted(ScoreColumns columns, String signal) {
      double high = new Ranking(columns.column(signal), columns.labels()).counts().auroc();
      if (high == 0.5) {
        return Signal.of(signal).risky();
      }
      return high > 0.5 ? Polarity.HIGH : Polarity.LOW;
    }

    /** The name in JSON and on the command line. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return id();
    }
  }

  /** Scores that must not be calibrated on or judged; the message is one complete line. */
  public static final class UnusableScores extends HbarException {
    private static final long serialVersionUID = 1L;

    /** An error of a file. */
    public UnusableScores(String file, String problem) {
      super(file + ": " + problem);
    }
  }
}
