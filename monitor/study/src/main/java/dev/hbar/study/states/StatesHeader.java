package dev.hbar.study.states;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.dataset.Selection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What decides the bytes of a states folder; two runs are the same run if their headers are equal.
 *
 * @param checkpoint name of the checkpoint
 * @param checkpointSha256 hash of its content
 * @param dataSha256 part of the data to the hash of its file
 * @param protocol how prompts are made of records
 * @param selection which samples
 * @param samples their number
 * @param points names of the points and features, see {@link StatesRequest}
 * @param positions names of the positions, see {@link StatePosition}
 * @param hidden width of a state
 * @param layers number of blocks
 * @param dtype float16 or float32
 * @param signals all, or none if those of the answers' tokens were not measured
 * @param alpha weight of the drift in PRI
 * @param compute the compute policy in words
 * @param versions of what computes
 */
@JsonPropertyOrder({
  "checkpoint",
  "checkpoint_sha256",
  "data_sha256",
  "protocol",
  "selection",
  "samples",
  "points",
  "positions",
  "hidden",
  "layers",
  "dtype",
  "signals",
  "alpha",
  "compute",
  "versions"
})
public record StatesHeader(
    String checkpoint,
    String checkpointSha256,
    Map<String, String> dataSha256,
    String protocol,
    Selection selection,
    int samples,
    List<String> points,
    List<String> positions,
    int hidden,
    int layers,
    String dtype,
    String signals,
    double alpha,
    String compute,
    Map<String, String> versions) {
  /** Sorts the maps, copies the lists. */
  public StatesHeader {
    dataSha256 = new TreeMap<>(dataSha256);
    versions = new TreeMap<>(versions);
    signals = Objects.requireNonNullElse(signals, "all");
    points = List.copyOf(points);
    positions = List.copyOf(positions);
  }

  /** The header of a run. */
  public static StatesHeader of(
      GivenModel model, StatesRequest request, SampleSource.Origin origin, int samples) {
    return new StatesHeader(
        model.name(),
        model.sha256(),
        origin.dataSha256(),
        origin.protocol(),
        origin.selection(),
        samples,
        request.names(model.config().layers()),
        request.positions().stream().map(StatePosition::id).toList(),
        model.config().hiddenSize(),
        model.config().layers(),
        request.half() ? "float16" : "float32",
        request.signals() ? "all" : "none",
        request.alpha(),
        model.compute(),
        model.versions());
  }
}
