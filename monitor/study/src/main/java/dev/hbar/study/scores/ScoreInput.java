package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore.Failed;
import dev.hbar.study.scores.SampleScore.Scored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads scores from a score file (JSONL with a header) or a published JSON. */
public final class ScoreInput {
  private static final int HEADER_START = 64;

  // Python writes NaN and Infinity; they are read so that the sample can be named.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private ScoreInput() {}

  /**
   * The scores of a file.
   *
   * @throws StudyException naming file, line or sample, and field
   */
  public static ScoreColumns read(Path file) {
    return isScoreFile(file) ? ofRun(file, file.toString()) : new Published(file).read();
  }

  /**
   * The scores of a score file.
   *
   * @param name how results name the file, for instance without the folder it lies in
   * @throws StudyException naming file, line and field
   */
  public static ScoreColumns ofRun(Path file, String name) {
    ScoreFile scores = ScoreFile.read(file);
    Map<String, Long> failures =
        scores.scores().stream()
            .filter(Failed.class::isInstance)
            .map(score -> ((Failed) score).error())
            .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
    List<Scored> rows =
        scores.scores().stream().filter(Scored.class::isInstance).map(Scored.class::cast).toList();
    ScoreColumns.requireSameSignals(file, rows);
    ScoreColumns.Origin origin =
        ScoreColumns.Origin.of(
            file, name, scores.header().checkpoint(), Optional.of(scores.header()));
    return new ScoreColumns(origin, rows, failures);
  }

  private static boolean isScoreFile(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(RegularFile.open(file), StandardCharsets.UTF_8.newDecoder()))) {
      char[] start = new char[HEADER_START];
      int length = reader.read(start);
      return length > 0
          && new String(start, 0, length)
              .replaceAll("\\s", "")
              .matches("(?s)\\{(\"sum\":\"[^\"]*\",)?\"header\".*");
    } catch (NoSuchFileException e) {
      throw new StudyException(file, "no such file; check its name");
    } catch (IOException e) {
      throw new StudyException(file, "is not a text file; name a score file");
    }
  }

  /** {@code scores_by_sample} of a published JSON, or of a RESULT.json or PARAMS.json of ours. */
  private static final class Published {
    private final Path file;
    private final Set<String> seen = new HashSet<>();

    private Published(Path file) {
      this.file = file;
    }

    private ScoreColumns read() {
      JsonNode root = parse();
      JsonNode samples = root.path("scores_by_sample");
      if (samples.isArray() && samples.isEmpty()) {
        throw new StudyException(file, "\"scores_by_sample\" is empty; name a file with scores");
      }
      if (!samples.isArray()) {
        throw new StudyException(
            file,
            "is neither a score file (no header in its first line) nor a result with"
                + " \"scores_by_sample\"; name one");
      }
      List<Scored> rows = new ArrayList<>();
      for (JsonNode sample : samples) {
        rows.add(row(rows.size(), sample));
      }
      ScoreColumns.Origin origin =
          known(root)
              .orElseGet(
                  () ->
                      ScoreColumns.Origin.of(
                          file,
                          file.toString(),
                          root.path("model_path").asText(""),
                          Optional.empty()));
      Map<String, Long> failures = new TreeMap<>();
      root.at("/evidence/failures")
          .properties()
          .forEach(failure -> failures.put(failure.getKey(), failure.getValue().longValue()));
      return new ScoreColumns(origin, rows, failures);
    }

    /** The score file that the samples of a PARAMS.json or RESULT.json of ours come from. */
    private Optional<ScoreColumns.Origin> known(JsonNode root) {
      for (String place : List.of("validated_on", "calibrated_on")) {
        // After an update the samples are of two files.
        if (root.path(place).isObject() && !root.path("update").isObject()) {
          return Optional.of(ResultFile.bind(file, root.path(place), ScoreColumns.Origin.class));
        }
      }
      return Optional.empty();
    }

    private Scored row(int index, JsonNode sample) {
      JsonNode id = sample.path(SampleScore.Published.ID);
      String where = "scores_by_sample[" + index + "]";
      if (!id.isTextual()) {
        throw new StudyException(file, where + ": field \"sample_id\" must be a text");
      }
      if (!seen.add(id.asText())) {
        throw new StudyException(
            file, where + ": sample " + id.asText() + " occurs twice; remove one of them");
      }
      JsonNode label = sample.path(SampleScore.Published.LABEL);
      if (!label.isInt() || label.intValue() < 0 || label.intValue() > 1) {
        throw new StudyException(
            file, "sample %s: field \"label\" must be 0 or 1".formatted(id.asText()));
      }
      JsonNode grade = sample.path(SampleScore.Published.GRADE);
      double exact =
          grade.isMissingNode()
              ? label.intValue()
              : number(id.asText(), sample, SampleScore.Published.GRADE);
      if (!(exact >= 0) || !(exact <= 1) || Sample.label(exact) != label.intValue()) {
        throw new StudyException(
            file,
            "sample %s: field \"grade\" must be from 0 to 1 and of its label"
                .formatted(id.asText()));
      }
      return new Scored(id.asText(), exact, signals(id.asText(), sample));
    }

    private Map<String, Double> signals(String id, JsonNode sample) {
      Map<String, Double> signals = new LinkedHashMap<>();
      for (String required : List.of(SampleScore.Published.HBAR, Signal.PRI.id())) {
        signals.put(SampleScore.Published.id(required), number(id, sample, required));
      }
      sample
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!name.equals(SampleScore.Published.ID)
                    && !SampleScore.Published.LABELS.contains(name)) {
                  signals.put(SampleScore.Published.id(name), number(id, sample, name));
                }
              });
      return signals;
    }

    private double number(String id, JsonNode sample, String field) {
      JsonNode value = sample.path(field);
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw new StudyException(
            file,
            "sample %s: field \"%s\" must be a finite number%s"
                .formatted(id, field, value.isMissingNode() ? "" : ", not " + value.asText()));
      }
      return value.doubleValue();
    }

    private JsonNode parse() {
      try {
        JsonNode document = JSON.readTree(RegularFile.text(file, 1 << 28));
        ResultFile.requireSum(file, document);
        return document;
      } catch (JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String reason = JsonFault.of(e.getOriginalMessage());
        throw new StudyException(
            file, at == null ? 1 : at.getLineNr(), "broken JSON: " + reason + "; restore the file");
      } catch (IOException e) {
        throw new StudyException(
            file,
            "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
      }
    }
  }
}
