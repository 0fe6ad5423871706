package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    String calibrated = root.at("/calibrated_on/checkpoint").asText("");
    String checkpoint = root.path("model_path").asText(calibrated);
    ScoreOrigin origin =
        new ScoreOrigin(file.toString(), FileHash.of(file), checkpoint, Optional.empty());
    return new ScoreColumns(origin, rows, Map.of());
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
      return JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new ScoreFileException(file, at == null ? 1 : at.getLineNr(), "broken JSON: " + reason);
    } catch (IOException e) {
      throw new ScoreFileException(file, "cannot be read: " + e.getMessage());
    }
  }
}
