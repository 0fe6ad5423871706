package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.Selection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The first line of a score file: everything that decides its bytes. Two runs are the same run if
 * their headers are equal; dates, host names and paths are left out for that reason.
 *
 * @param checkpoint name of the checkpoint (its folder's name, not its path)
 * @param checkpointSha256 hash of the checkpoint's content
 * @param dataSha256 name of a part of the data (a task) to the hash of its file; kept sorted
 * @param protocol how samples are made of records
 * @param selection which samples
 * @param settings the user's choices
 * @param versions name to version of what computes: hbar, mlx, ...; kept sorted by name
 */
@JsonPropertyOrder({
  "checkpoint",
  "checkpoint_sha256",
  "data_sha256",
  "protocol",
  "selection",
  "settings",
  "versions"
})
public record RunHeader(
    String checkpoint,
    String checkpointSha256,
    Map<String, String> dataSha256,
    String protocol,
    Selection selection,
    Settings settings,
    Map<String, String> versions) {

  /** Sorts the maps, so that equal headers have equal bytes. */
  public RunHeader {
    dataSha256 = Collections.unmodifiableMap(new TreeMap<>(dataSha256));
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }

  /** The first difference as {@code field: this value here, other value there}, if any. */
  Optional<String> firstDifference(RunHeader other) {
    return difference("", ScoreLines.JSON.valueToTree(this), ScoreLines.JSON.valueToTree(other));
  }

  private static Optional<String> difference(String path, JsonNode mine, JsonNode theirs) {
    if (mine.equals(theirs)) {
      return Optional.empty();
    }
    if (!mine.isObject() || !theirs.isObject()) {
      return Optional.of("%s is %s there and %s here".formatted(path, theirs, mine));
    }
    Set<String> names = new TreeSet<>();
    mine.fieldNames().forEachRemaining(names::add);
    theirs.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .map(
            name ->
                difference(
                    path.isEmpty() ? name : path + "." + name, mine.path(name), theirs.path(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * What a user chose for a run, as far as it can change a score.
   *
   * @param maxTokens most tokens generated per sample
   * @param alpha weight of the drift in PRI
   * @param perToken whether every token's signals are kept
   * @param groupSize samples computed together; another size rounds differently
   * @param compute the compute policy in words (device, precision)
   * @param signals names of the scores of a sample, see {@link Signal#scores}
   */
  @JsonPropertyOrder({"max_tokens", "alpha", "per_token", "group_size", "compute", "signals"})
  public record Settings(
      int maxTokens,
      double alpha,
      boolean perToken,
      int groupSize,
      String compute,
      List<String> signals) {

    /** Copies the list. */
    public Settings {
      signals = List.copyOf(signals);
    }
  }
}
