package dev.hbar.study.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a sweep runs, and with which settings.
 *
 * @param checkpoints folders, or ORG/NAME[@REVISION]; their names differ
 * @param train samples to calibrate on
 * @param test samples to validate on
 * @param seed of the draw
 * @param request how they are scored
 * @param mostFailures largest accepted share of failed samples, in [0, 1]
 * @param evidence how intervals are computed
 * @param out the folder that all files go to
 */
public record SweepPlan(
    List<String> checkpoints,
    SampleSource train,
    SampleSource test,
    long seed,
    ScoringRequest request,
    double mostFailures,
    Bootstrap.Settings evidence,
    Path out) {

  /** Copies the list. */
  public SweepPlan {
    checkpoints = List.copyOf(checkpoints);
  }

  /** The samples of a stage. */
  SampleSource samples(Stage stage) {
    return stage == Stage.CALIBRATION ? train : test;
  }

  /** What every run of this sweep must share. */
  Settings settings() {
    return Settings.of(this);
  }

  /** How many samples each checkpoint scores. */
  int samplesEach() {
    return train.size() + test.size();
  }

  /** The two sample sets that every checkpoint scores. */
  enum Stage {
    /** The training set, on which parameters are fitted. */
    CALIBRATION,
    /** The test set, on which they are judged. */
    VALIDATION;

    /** The name in progress messages and file names. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Its score file in a checkpoint's folder. */
    Path scores(Path folder) {
      return folder.resolve(id() + ".jsonl");
    }
  }

  /**
   * What all checkpoints of a sweep share, kept in {@code sweep.json}: a sweep can be resumed only
   * with the same settings. The list of checkpoints is not part of it, so that one can be added
   * later.
   *
   * @param dataSha256 SHA-256 of each data file, by the name of the part
   * @param protocol how samples are drawn
   * @param seed of the draw
   * @param calibrate size of the training set
   * @param validate size of the test set
   * @param maxTokens limit on generated tokens per sample
   * @param alpha weight of the drift in PRI
   * @param driftLayers blocks whose hidden drift is measured in addition to the last one's
   * @param groupSize samples computed together; 0 if the backend chooses
   * @param ropeReference implementation whose rope and windows are used
   * @param mostFailures largest share of failed samples
   * @param evidence how intervals are computed
   */
  record Settings(
      Map<String, String> dataSha256,
      String protocol,
      long seed,
      int calibrate,
      int validate,
      int maxTokens,
      double alpha,
      List<Integer> driftLayers,
      int groupSize,
      String ropeReference,
      double mostFailures,
      Bootstrap.Settings evidence) {

    /** In a fixed order, so that equal settings have equal bytes. */
    public Settings {
      dataSha256 = new TreeMap<>(dataSha256);
      driftLayers = List.copyOf(driftLayers);
    }

    private static Settings of(SweepPlan plan) {
      ScoringRequest request = plan.request();
      OptionalInt group = request.groupSize();
      return new Settings(
          plan.train().origin().dataSha256(),
          plan.train().origin().protocol(),
          plan.seed(),
          plan.train().size(),
          plan.test().size(),
          request.maxTokens(),
          request.alpha(),
          request.driftLayers(),
          group.orElse(0),
          request.ropeReference().toString(),
          plan.mostFailures(),
          plan.evidence());
    }

    /**
     * The first field that a file of settings has otherwise, as {@code field is A there, B here}.
     */
    Optional<String> differenceFrom(Path file) {
      JsonNode there = ResultFile.read(file);
      JsonNode here = ResultFile.tree(this);
      return here.properties().stream()
          .filter(field -> !field.getValue().equals(there.path(field.getKey())))
          .map(
              field ->
                  "%s is %s there and %s here"
                      .formatted(field.getKey(), there.path(field.getKey()), field.getValue()))
          .findFirst();
    }
  }
}
