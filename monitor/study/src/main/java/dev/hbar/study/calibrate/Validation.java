package dev.hbar.study.calibrate;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.statistics.Bootstrap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * RESULT.json: what parameters are worth on other samples. The keys of the published files come
 * first, each with the joint model beside the two signals.
 *
 * @param modelPath name of the model
 * @param testDataPath the score file
 * @param calibratedParamsPath the parameters
 * @param nTestSamples scored samples
 * @param maxTokens most tokens generated per sample, if the scores say
 * @param calibratedThresholds from the parameters
 * @param aurocAndPrauc areas on the test set
 * @param performanceAtCalibratedThresholds on the test set
 * @param bestOnTestSweep the thresholds one would have liked to have: found on the test set itself
 * @param quadrantAnalysis with the calibrated thresholds
 * @param evidence on every signal, with intervals, baselines and failures
 * @param warnings what a reader must know before anything else, one line each
 * @param validatedOn the score file
 * @param calibratedOn the score file of the parameters, if they say
 * @param scoresBySample every sample with every signal: all of this can be computed again
 */
public record Validation(
    String modelPath,
    String testDataPath,
    String calibratedParamsPath,
    int nTestSamples,
    Optional<Integer> maxTokens,
    TestedThresholds calibratedThresholds,
    PerSignal<Areas> aurocAndPrauc,
    PerSignal<FlagRule.Performance> performanceAtCalibratedThresholds,
    PerSignal<BestOnTest> bestOnTestSweep,
    FlagRule.Quadrants quadrantAnalysis,
    Evidence evidence,
    List<String> warnings,
    ScoreColumns.Origin validatedOn,
    Optional<ScoreColumns.Origin> calibratedOn,
    List<Scored> scoresBySample) {

  /**
   * One value for each way to flag.
   *
   * @param hbarAlone by hbar_s
   * @param priAlone by PRI
   * @param joint by the joint probability
   */
  public record PerSignal<T>(T hbarAlone, T priAlone, T joint) {}

  /** Areas under the ROC and the precision-recall curve. */
  public record Areas(double auroc, double prAuc) {}

  /** The calibrated thresholds that were tested. */
  public record TestedThresholds(double tauHbar, double tauPri, double tauJoint) {}

  /** A threshold found on the test set, and its precision there. */
  public record BestOnTest(double bestTauTest, double bestPrecisionTest) {}

  /** Copies the lists. */
  public Validation {
    warnings = List.copyOf(warnings);
    scoresBySample = List.copyOf(scoresBySample);
  }

  /**
   * Validates.
   *
   * @param scores of the test set
   * @param source where the parameters were read
   * @throws dev.hbar.study.StudyException if a label has no sample
   */
  public static Validation of(
      ScoreColumns scores, Parameters parameters, String source, Bootstrap.Settings settings) {
    scores.requireOfEachLabel(2);
    ScoreColumns columns = scores.withJoint(parameters.jointModelWeights());
    Evidence evidence = new EvidenceAnalysis(columns, parameters.polarity(), settings).run();
    PerSignal<FlagRule> flags =
        new PerSignal<>(parameters.hbarFlag(), parameters.priFlag(), parameters.jointFlag());
    List<String> warnings = new ArrayList<>(evidence.warnings());
    otherData(scores, parameters).ifPresent(warnings::addFirst);
    overlap(scores, parameters).ifPresent(warnings::addFirst);
    return new Validation(
        columns.origin().checkpoint(),
        columns.origin().file(),
        source,
        columns.size(),
        columns.origin().run().map(run -> run.settings().maxTokens()),
        new TestedThresholds(
            parameters.tauHbar(), parameters.tauPri(), parameters.jointThreshold()),
        each(flags, flag -> areas(evidence.signal(flag.signal()).orElseThrow())),
        each(flags, flag -> FlagRule.Performance.of(columns, flag)),
        each(flags, flag -> best(FlagRule.best(columns, flag.signal(), flag.risky()))),
        FlagRule.Quadrants.of(columns, flags.hbarAlone(), flags.priAlone()),
        evidence,
        warnings,
        columns.origin(),
        parameters.calibratedOn(),
        columns.rows());
  }

  private static <T, R> PerSignal<R> each(PerSignal<T> all, Function<T, R> f) {
    return new PerSignal<>(f.apply(all.hbarAlone()), f.apply(all.priAlone()), f.apply(all.joint()));
  }

  private static Areas areas(SignalEvidence signal) {
    return new Areas(signal.auroc().value(), signal.prAuc().value());
  }

  private static BestOnTest best(FlagRule.Found found) {
    return new BestOnTest(found.flag().tau(), found.precision());
  }

  /** Thresholds of one kind of question say little about another. */
  private static Optional<String> otherData(ScoreColumns scores, Parameters parameters) {
    Optional<ScoreFile.Header> known = parameters.calibratedOn().flatMap(ScoreColumns.Origin::run);
    Optional<ScoreFile.Header> here = scores.origin().run();
    if (known.isEmpty() || here.isEmpty()) {
      return Optional.empty();
    }
    Set<String> before = known.get().dataSha256().keySet();
    Set<String> now = here.get().dataSha256().keySet();
    boolean same = before.containsAll(now) && known.get().protocol().equals(here.get().protocol());
    return same
        ? Optional.empty()
        : Optional.of(
            "the parameters were calibrated on other data: %s (%s) there, %s (%s) here"
                .formatted(
                    String.join(", ", before),
                    known.get().protocol(),
                    String.join(", ", now),
                    here.get().protocol()));
  }

  /** Samples that were calibrated on and are tested on: the result would be too good. */
  private static Optional<String> overlap(ScoreColumns scores, Parameters parameters) {
    Set<String> known = new HashSet<>();
    parameters.scoresBySample().forEach(row -> known.add(row.id()));
    long shared = scores.ids().stream().filter(known::contains).count();
    return shared == 0
        ? Optional.empty()
        : Optional.of(
            "%s of %s samples were calibrated on: these figures are too good"
                .formatted(shared, scores.size()));
  }
}
