package dev.hbar.study.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Interval;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * PARAMS.json: what calibration found. The first nine are those of the published files; what
 * follows is empty when such a file is read.
 *
 * @param aurocHbar on the calibration set, of hbar_s turned as its polarity says
 * @param aurocPri on the calibration set
 * @param aurocJoint on the calibration set, which the weights were fitted on: too good
 * @param tauHbar threshold on hbar_s; flagged at or below it (at or above it if the polarity is
 *     high)
 * @param tauPri threshold on PRI, nats; flagged at or above it (at or below it if the polarity is
 *     low)
 * @param jointModelWeights of the joint probability
 * @param bestPrecisionHbar at tauHbar, on the calibration set
 * @param bestPrecisionPri at tauPri, on the calibration set
 * @param bestPrecisionJoint at tauJoint, on the calibration set
 * @param tauJoint threshold on the joint probability; one half if the file does not say
 * @param polarity signal to the side that counts as risky; hbar low and pri high if the file does
 *     not say
 * @param polarityRule how that side was chosen
 * @param intervals auroc_SIGNAL to its 95 % interval by the bootstrap over records
 * @param jointFit how the penalty was chosen
 * @param quadrantAnalysis on the calibration set
 * @param evidence on every signal, with intervals, baselines and failures
 * @param calibratedOn the score file
 * @param update what the scores said about older parameters, where there were some
 * @param scoresBySample its samples, so that all of this can be computed again
 */
public record Parameters(
    double aurocHbar,
    double aurocPri,
    double aurocJoint,
    double tauHbar,
    double tauPri,
    RiskRule.JointModel jointModelWeights,
    double bestPrecisionHbar,
    double bestPrecisionPri,
    double bestPrecisionJoint,
    Optional<Double> tauJoint,
    Map<String, Polarity> polarity,
    Optional<Calibration.PolarityRule> polarityRule,
    Map<String, Interval> intervals,
    Optional<JointFit> jointFit,
    Optional<FlagRule.Quadrants> quadrantAnalysis,
    Optional<Evidence> evidence,
    Optional<ScoreColumns.Origin> calibratedOn,
    Optional<Update> update,
    List<Scored> scoresBySample) {
  private static final double MOST_RIGHT_FLAGGED = 0.5;
  static final String HBAR = Signal.HBAR.id();
  static final String PRI = Signal.PRI.id();

  /** The signals that have a threshold of their own. */
  static final List<String> FLAGGED = List.of(HBAR, PRI);

  private static final List<String> REQUIRED =
      List.of(
          "/tau_hbar",
          "/tau_pri",
          "/joint_model_weights/w_hbar",
          "/joint_model_weights/w_pri",
          "/joint_model_weights/intercept");

  /** Puts what a published file does not say in its place. */
  public Parameters {
    polarity = sorted(polarity);
    intervals = sorted(intervals);
    scoresBySample = scoresBySample == null ? List.of() : List.copyOf(scoresBySample);
  }

  /**
   * Reads PARAMS.json, ours or a published one.
   *
   * @throws StudyException naming the field
   */
  public static Parameters read(Path file) {
    JsonNode document = ResultFile.read(file);
    for (String field : REQUIRED) {
      JsonNode value = document.at(field);
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        String name = field.substring(1).replace('/', '.');
        throw new StudyException(
            file, "field \"" + name + "\" must be a number; is this a file of hbar calibrate?");
      }
    }
    requireFinite(file, document);
    Parameters parameters = ResultFile.bind(file, document, Parameters.class);
    ScoreColumns.requireSameSignals(file, parameters.scoresBySample);
    return parameters;
  }

  /**
   * Writes them.
   *
   * @throws StudyException if that fails, or naming a field that is not finite
   */
  public void write(Path file) {
    requireFinite(file, ResultFile.tree(this));
    ResultFile.write(file, this);
  }

  private static void requireFinite(Path file, JsonNode document) {
    ResultFile.notFinite(document)
        .ifPresent(
            field -> {
              throw new StudyException(
                  file, "field \"" + field + "\" is not a finite number; calibrate again");
            });
  }

  /** Which side of a signal's threshold is risky. */
  public Polarity polarityOf(String signal) {
    return polarity.getOrDefault(signal, Signal.of(signal).risky());
  }

  /**
   * The risk of one signal at its threshold, on its risky side.
   *
   * @param signal {@link Signal#HBAR} or {@link Signal#PRI}
   */
  public RiskRule risk(Signal signal) {
    double tau = signal.equals(Signal.PRI) ? tauPri : tauHbar;
    return RiskRule.OnSignal.calibrated(signal, tau, polarityOf(signal.id()));
  }

  /** The joint probability with its threshold. */
  public RiskRule jointRisk() {
    return new RiskRule.OnBoth(jointModelWeights, jointThreshold());
  }

  /** How the risky sides were chosen. */
  Calibration.PolarityRule rule() {
    return polarityRule.orElse(Calibration.PolarityRule.STUDY);
  }

  /**
   * Whether a signal ranked the calibration samples the wrong way round, its whole interval below
   * chance; false if the file has no interval.
   */
  public boolean isTurnedRound(String signal) {
    Interval auroc = intervals.get("auroc_" + signal);
    return auroc != null && auroc.high() < 0.5;
  }

  /** Why halting on a signal, or on the joint probability, would cut at random, if it would. */
  public Optional<String> unfitToHalt(String signal) {
    if (isTurnedRound(signal)) {
      return Optional.of(
          signal + " ranked its samples the wrong way round; calibrate with --polarity fitted");
    }
    return signal.equals(ScoreColumns.JOINT) && !scoresBySample.isEmpty()
        ? Evidence.JointRange.of(samples().column(ScoreColumns.JOINT))
            .warning()
            .map(warning -> warning + "; calibrate again, or halt on hbar or pri")
        : Optional.empty();
  }

  /**
   * Why its own threshold on a signal must not end answers, if so: found for a high recall, the
   * threshold of a weak signal flags most right answers, too.
   */
  public Optional<String> thresholdTooLax(String signal) {
    ScoreColumns samples = samples();
    if (samples.count(0) == 0) {
      return Optional.empty();
    }
    FlagRule flag = signal.equals(HBAR) ? hbarFlag() : signal.equals(PRI) ? priFlag() : jointFlag();
    boolean[] flags = flag.flags(samples);
    int[] labels = samples.labels();
    long flagged = IntStream.range(0, flags.length).filter(i -> labels[i] == 0 && flags[i]).count();
    double share = flagged / (double) samples.count(0);
    return share > MOST_RIGHT_FLAGGED
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "its threshold on %s flags %.0f %% of the right answers of its own samples, so"
                    + " nearly every text would be cut off; set a --cutoff",
                signal,
                100 * share))
        : Optional.empty();
  }

  /** The samples that it was calibrated on, the joint probability among their signals. */
  private ScoreColumns samples() {
    ScoreColumns.Origin origin =
        calibratedOn.orElseGet(() -> new ScoreColumns.Origin("", "", "", Optional.empty()));
    ScoreColumns columns = new ScoreColumns(origin, scoresBySample, Map.of());
    return scoresBySample.isEmpty() ? columns : columns.withJoint(jointModelWeights);
  }

  /** The threshold on the joint probability. */
  public double jointThreshold() {
    return tauJoint.orElse(0.5);
  }

  /** These, found by an update. */
  Parameters updated(Update by) {
    return new Parameters(
        aurocHbar,
        aurocPri,
        aurocJoint,
        tauHbar,
        tauPri,
        jointModelWeights,
        bestPrecisionHbar,
        bestPrecisionPri,
        bestPrecisionJoint,
        tauJoint,
        polarity,
        polarityRule,
        intervals,
        jointFit,
        quadrantAnalysis,
        evidence,
        calibratedOn,
        Optional.of(by),
        scoresBySample);
  }

  FlagRule hbarFlag() {
    return new FlagRule(HBAR, polarityOf(HBAR), tauHbar);
  }

  FlagRule priFlag() {
    return new FlagRule(PRI, polarityOf(PRI), tauPri);
  }

  FlagRule jointFlag() {
    return new FlagRule(ScoreColumns.JOINT, Polarity.HIGH, jointThreshold());
  }

  /** In a fixed order, so that equal parameters have equal bytes. */
  private static <T> Map<String, T> sorted(Map<String, T> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
