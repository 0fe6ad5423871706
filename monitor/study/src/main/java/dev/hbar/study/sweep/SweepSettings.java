package dev.hbar.study.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What all checkpoints of a sweep have in common, kept in {@code sweep.json}: a sweep is resumed
 * with the same settings only. The checkpoints are not among them, so that one can be added later.
 *
 * @param dataSha256 name of a part of the data to the hash of its file
 * @param protocol how samples are drawn
 * @param seed of the draw
 * @param calibrate samples of the training set
 * @param validate samples of the test set
 * @param maxTokens most tokens generated per sample
 * @param alpha weight of the drift in PRI
 * @param driftLayers blocks whose hidden drift is measured beside the last one's
 * @param groupSize samples computed together; 0 if each checkpoint's backend chooses
 * @param ropeReference whose rope and windows the models compute with
 * @param mostFailures largest share of failed samples
 * @param evidence how intervals are computed
 */
public record SweepSettings(
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
  public SweepSettings {
    dataSha256 = new TreeMap<>(dataSha256);
    driftLayers = List.copyOf(driftLayers);
  }

  /** The settings of a plan. */
  static SweepSettings of(SweepPlan plan) {
    ScoringRequest request = plan.request();
    OptionalInt group = request.groupSize();
    return new SweepSettings(
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

  /** The first field that a file of settings has otherwise, as {@code field is A there, B here}. */
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
