package dev.hbar.study.report.page;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.sweep.Costs;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One model of a study, computed again from its score files.
 *
 * @param name folder of the model, or name of its only file
 * @param calibration the score file it was calibrated on
 * @param file the score file it is judged by
 * @param validation its scores, with the joint probability where there are parameters
 * @param evidence on the validation scores
 * @param judged parameters and what they are worth, if there is a calibration file
 * @param trajectories signals by token index; empty without token rows
 * @param costs of the run that scored it
 */
record StudyModel(
    String name,
    Optional<Path> calibration,
    Path file,
    ScoreColumns validation,
    Evidence evidence,
    Optional<Judged> judged,
    Optional<Trajectories> trajectories,
    Optional<Costs> costs) {

  /** Parameters from the calibration file and their validation. */
  record Judged(Parameters parameters, Validation validation) {}

  /** Which side of a signal is risky. */
  Polarity polarity(String signal) {
    return judged
        .map(each -> each.parameters().polarityOf(signal))
        .orElseGet(() -> Polarity.usual(signal));
  }

  /** The calibrated threshold on hbar_s or PRI, if there are parameters. */
  OptionalDouble threshold(String signal) {
    return judged
        .map(Judged::parameters)
        .map(found -> signal.equals("pri") ? found.tauPri() : found.tauHbar())
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  /** The values of a signal, turned so that higher is riskier. */
  double[] oriented(String signal) {
    return polarity(signal).orient(validation.column(signal));
  }

  StudyModel with(Evidence corrected) {
    return new StudyModel(
        name, calibration, file, validation, corrected, judged, trajectories, costs);
  }
}
