package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads {@code scores_by_sample} of a published JSON, or of a RESULT.json or PARAMS.json of ours.
 */
final class PublishedScores {
  // Python writes NaN and Infinity; they are read so that the sample can be named.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Path file;
  private final Set<String> seen = new HashSet<>();

  private PublishedScores(Path file) {
    this.file = file;
  }

  static ScoreColumns read(Path file) {
    return new PublishedScores(file).read();
  }

  private ScoreColumns read() {
    JsonNode root = parse();
    JsonNode samples = root.path("scores_by_sample");
    if (samples.isArray() && samples.isEmpty()) {
      throw new ScoreFileException(file, "\"scores_by_sample\" is empty");
    }
    if (!samples.isArray()) {
      throw new ScoreFileException(
          file,
          "is neither a score file (no header in its first line) nor a result with"
              + " \"scores_by_sample\"");
    }
    List<SampleRow> rows = new ArrayList<>();
    for (JsonNode sample : samples) {
      rows.add(row(rows.size(), sample));
    }
    ScoreOrigin origin =
        known(root)
            .orElseGet(
                () ->
                    new ScoreOrigin(
                        file.toString(),
                        FileHash.of(file),
                        root.path("model_path").asText(""),
                        Optional.empty()));
    Map<String, Long> failures = new TreeMap<>();
    root.at("/evidence/failures")
        .properties()
        .forEach(failure -> failures.put(failure.getKey(), failure.getValue().longValue()));
    return new ScoreColumns(origin, rows, failures);
  }

  /** The score file that the samples of a PARAMS.json or RESULT.json of ours come from. */
  private Optional<ScoreOrigin> known(JsonNode root) {
    for (String place : List.of("validated_on", "calibrated_on")) {
      // After an update the samples are of two files.
      if (root.path(place).isObject() && !root.path("update").isObject()) {
        return Optional.of(ResultFile.bind(file, root.path(place), ScoreOrigin.class));
      }
    }
    return Optional.empty();
  }

  private SampleRow row(int index, JsonNode sample) {
    JsonNode id = sample.path("sample_id");
    String where = "scores_by_sample[" + index + "]";
    if (!id.isTextual()) {
      throw new ScoreFileException(file, where + ": field \"sample_id\" must be a text");
    }
    if (!seen.add(id.asText())) {
      throw new ScoreFileException(file, where + ": sample " + id.asText() + " is there twice");
    }
    JsonNode label = sample.path("label");
    if (!label.isInt() || label.intValue() < 0 || label.intValue() > 1) {
      throw new ScoreFileException(
          file, "sample %s: field \"label\" must be 0 or 1".formatted(id.asText()));
    }
    return new SampleRow(id.asText(), label.intValue(), signals(id.asText(), sample));
  }

  private Map<String, Double> signals(String id, JsonNode sample) {
    Map<String, Double> signals = new LinkedHashMap<>();
    for (String required : List.of("hbar_s", "pri")) {
      signals.put(SampleRow.signal(required), number(id, sample, required));
    }
    sample
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("sample_id") && !name.equals("label")) {
                signals.put(SampleRow.signal(name), number(id, sample, name));
              }
            });
    return signals;
  }

  private double number(String id, JsonNode sample, String field) {
    JsonNode value = sample.path(field);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new ScoreFileException(
          file,
          "sample %s: field \"%s\" must be a finite number%s"
              .formatted(id, field, value.isMissingNode() ? "" : ", not " + value.asText()));
    }
    return value.doubleValue();
  }

  private JsonNode parse() {
    try {
      return JSON.readTree(RegularFile.text(file, 1 << 28));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new ScoreFileException(file, at == null ? 1 : at.getLineNr(), "broken JSON: " + reason);
    } catch (IOException e) {
      throw new ScoreFileException(file, "cannot be read: " + e.getMessage());
    }
  }
}
