package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A detector's JSON: what it is, what it was fitted on and what it is worth.
 *
 * @param format version of this form
 * @param kind see {@link Kind}
 * @param point the features it looks at
 * @param position where they are taken
 * @param strength of its regularization
 * @param features names of the signals it looks at; empty for states
 * @param checkpoint name of the checkpoint
 * @param checkpointSha256 hash of the checkpoint
 * @param dataSha256 part of the data to the hash of its file
 * @param protocol how prompts are made of records
 * @param selection which samples, in words
 * @param samples number of samples it was fitted on
 * @param records number of their records
 * @param folds outer folds by record
 * @param seed of the folds
 * @param choices what each outer fold chose
 * @param sections held-out figures and baselines
 * @param controls what the procedure finds where there is nothing
 * @param heldOut sample id to its held-out log-odds
 */
@JsonPropertyOrder({
  "format",
  "kind",
  "point",
  "position",
  "strength",
  "features",
  "checkpoint",
  "checkpoint_sha256",
  "data_sha256",
  "protocol",
  "selection",
  "samples",
  "records",
  "folds",
  "seed",
  "choices",
  "sections",
  "controls",
  "held_out"
})
public record DetectorReport(
    int format,
    String kind,
    String point,
    String position,
    double strength,
    List<String> features,
    String checkpoint,
    String checkpointSha256,
    Map<String, String> dataSha256,
    String protocol,
    String selection,
    int samples,
    int records,
    int folds,
    long seed,
    List<Choice> choices,
    List<Section> sections,
    Controls controls,
    Map<String, Double> heldOut) {
  /** The version that is written. */
  static final int FORMAT = 1;

  /** Copies the collections, the maps sorted. */
  public DetectorReport {
    features = List.copyOf(features);
    dataSha256 = new TreeMap<>(dataSha256);
    choices = List.copyOf(choices);
    sections = List.copyOf(sections);
    heldOut = new TreeMap<>(heldOut);
  }
}
