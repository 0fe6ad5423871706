package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.dataset.Selection;
import java.util.Collections;
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
    RunSettings settings,
    Map<String, String> versions) {

  /** Sorts the maps, so that equal headers have equal bytes. */
  public RunHeader {
    dataSha256 = Collections.unmodifiableMap(new TreeMap<>(dataSha256));
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }

  /** The header as a line of JSON, without line end. */
  String toLine() {
    ObjectNode line = ScoreJson.MAPPER.createObjectNode();
    line.set("header", ScoreJson.MAPPER.valueToTree(this));
    try {
      return LineSum.with(ScoreJson.MAPPER.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a header of texts and numbers is always JSON", e);
    }
  }

  /** The first difference as {@code field: this value here, other value there}, if any. */
  Optional<String> firstDifference(RunHeader other) {
    return difference("", ScoreJson.MAPPER.valueToTree(this), ScoreJson.MAPPER.valueToTree(other));
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
}
