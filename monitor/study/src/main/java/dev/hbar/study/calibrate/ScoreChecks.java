package dev.hbar.study.calibrate;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What scores must be before a figure is made of them. Each check throws a one-line error. */
public final class ScoreChecks {
  private ScoreChecks() {}

  /**
   * Refuses an unfinished run: what a killed run scored is not a random part of the set.
   *
   * @throws Calibration.UnusableScores with both counts
   */
  public static void requireComplete(ScoreColumns scores) {
    long found = scores.size() + scores.failed();
    Optional<ScoreFile.Header> run = scores.origin().run();
    if (run.isPresent() && found != run.get().selection().samples()) {
      throw new Calibration.UnusableScores(
          scores.origin().file(),
          "holds %s of %s samples; finish the run with the same hbar score command, or use --partial"
              .formatted(found, run.get().selection().samples()));
    }
  }

  /**
   * Refuses too many failures: what is left is another set than the one that was drawn.
   *
   * @param most largest share of failed samples, in [0, 1]
   * @throws Calibration.UnusableScores with the share and the most frequent reason
   */
  public static void requireFewFailures(ScoreColumns scores, double most) {
    long failed = scores.failed();
    long all = failed + scores.size();
    if (all == 0) {
      throw new Calibration.UnusableScores(scores.origin().file(), "holds no sample; score some");
    }
    double share = failed / (double) all;
    if (share > most) {
      Map.Entry<String, Long> first =
          scores.failures().entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      throw new Calibration.UnusableScores(
          scores.origin().file(),
          "%s of %s samples failed, more than %s %% (%s x %s); mend that and score again, or raise"
                  .formatted(failed, all, percent(most), first.getValue(), first.getKey())
              + " --max-failures");
    }
  }

  /**
   * Refuses scores of another model than the parameters'. Published files without a name pass.
   *
   * @throws Calibration.UnusableScores naming both
   */
  public static void requireSameCheckpoint(ScoreColumns scores, Parameters parameters) {
    Optional<String> difference =
        parameters.calibratedOn().flatMap(known -> difference(known, scores.origin()));
    if (difference.isPresent()) {
      throw new Calibration.UnusableScores(
          scores.origin().file(),
          "scores of another checkpoint than the parameters': %s; calibrate this one, or use"
                  .formatted(difference.get())
              + " --any-checkpoint");
    }
  }

  /**
   * Refuses a checkpoint that the parameters were not calibrated on. Without a hash on the
   * parameters' side the names are compared.
   *
   * @param file where the parameters were read
   * @param name of the checkpoint
   * @param sha256 its hash, asked for only where it is needed: it reads all weights
   * @throws Calibration.UnusableScores naming both
   */
  public static void requireCalibratedOn(
      Path file, Parameters parameters, String name, Supplier<String> sha256) {
    ScoreColumns.Origin known = parameters.calibratedOn().orElseThrow();
    Optional<String> hash = known.run().map(ScoreFile.Header::checkpointSha256);
    String here = hash.isPresent() ? sha256.get() : "";
    boolean same = hash.map(here::equals).orElseGet(() -> known.checkpoint().equals(name));
    if (!same) {
      throw new Calibration.UnusableScores(
          file.toString(),
          "calibrated on %s (%.12s), and this is %s (%.12s); calibrate it, or use"
                  .formatted(known.checkpoint(), hash.orElse("no hash"), name, here)
              + " --params-any-checkpoint");
    }
  }

  private static Optional<String> difference(ScoreColumns.Origin known, ScoreColumns.Origin found) {
    if (known.run().isPresent() && found.run().isPresent()) {
      String here = found.run().get().checkpointSha256();
      String there = known.run().get().checkpointSha256();
      return here.equals(there)
          ? Optional.empty()
          : Optional.of(
              "%s (%.12s) here, %s (%.12s) there"
                  .formatted(found.checkpoint(), here, known.checkpoint(), there));
    }
    boolean unknown = known.checkpoint().isEmpty() || found.checkpoint().isEmpty();
    return unknown || known.checkpoint().equals(found.checkpoint())
        ? Optional.empty()
        : Optional.of(found.checkpoint() + " here, " + known.checkpoint() + " there");
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(100 * share).stripTrailingZeros().toPlainString();
  }
}
