package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.io.JsonSum;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore.Failed;
import dev.hbar.study.scores.SampleScore.Scored;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The lines of one score file, both ways: fixed field order, nothing that changes between runs.
 * {@code "sum"}, the first field of a line, holds eight hexadecimal digits of the CRC-32C of the
 * line's UTF-8 bytes without that field. Every error names file, line and field.
 */
public final class ScoreLines {
  /** Snake case, strict reading, shortest decimal of a double. */
  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Python writes NaN; it is read so that the sample that has it can be named.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final String ID = "id";
  private static final String LABEL = "label";
  private static final String GRADE = "grade";
  private static final String STATUS = "status";
  private static final String OK = "ok";
  private static final String ERROR = "error";
  private static final String STOP = "stop";
  private static final String TOKENS = "tokens";
  private static final String TOKEN = "token";
  private static final String AGAIN = "; score again";
  private static final Set<String> COUNTS =
      Set.of(SampleScore.PROMPT_TOKENS, SampleScore.ANSWER_TOKENS, SampleScore.NEW_TOKENS);
  private static final Set<String> NOT_SCORES =
      Set.of(JsonSum.FIELD, ID, LABEL, GRADE, STATUS, STOP, TOKENS);

  private final Path file;

  /** Whether the header has a checksum, so that every line must have one. */
  private boolean summed;

  /**
   * To read one file.
   *
   * @param file is named in errors
   */
  public ScoreLines(Path file) {
    this.file = file;
  }

  /** A header as a line, without line end. */
  public static String write(ScoreFile.Header header) {
    try {
      return JsonSum.summed(JSON.writeValueAsString(Map.of("header", header)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a header of texts and numbers is always JSON", e);
    }
  }

  /** A sample as a line, without line end. */
  public static String write(SampleScore score) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField(ID, score.id());
      json.writeNumberField(LABEL, score.label());
      OptionalDouble between = Sample.between(score.grade());
      if (between.isPresent()) {
        json.writeNumberField(GRADE, between.getAsDouble());
      }
      switch (score) {
        case Scored scored -> write(json, scored);
        case Failed failed -> {
          json.writeStringField(STATUS, ERROR);
          json.writeStringField(ERROR, failed.error());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return JsonSum.summed(text.toString());
  }

  private static void write(JsonGenerator json, Scored scored) throws IOException {
    Map<String, Double> values = scored.values();
    json.writeStringField(STATUS, OK);
    json.writeNumberField(
        SampleScore.PROMPT_TOKENS, values.get(SampleScore.PROMPT_TOKENS).intValue());
    if (values.containsKey(SampleScore.ANSWER_TOKENS)) {
      json.writeNumberField(
          SampleScore.ANSWER_TOKENS, values.get(SampleScore.ANSWER_TOKENS).intValue());
    }
    json.writeNumberField(SampleScore.NEW_TOKENS, values.get(SampleScore.NEW_TOKENS).intValue());
    json.writeStringField(STOP, scored.stop());
    for (Map.Entry<String, Double> value : values.entrySet()) {
      if (!COUNTS.contains(value.getKey())) {
        json.writeNumberField(value.getKey(), value.getValue());
      }
    }
    if (!scored.tokens().isEmpty()) {
      json.writeArrayFieldStart(TOKENS);
      for (TokenSignals token : scored.tokens()) {
        json.writePOJO(token);
      }
      json.writeEndArray();
    }
  }

  /**
   * The header from the first line.
   *
   * @throws StudyException if it is none
   */
  public ScoreFile.Header header(String line) {
    requireSum(1, line);
    summed = JsonSum.hasSum(line);
    JsonNode header = parse(1, line).path("header");
    if (!header.isObject()) {
      throw new StudyException(
          file, 1, "no {\"header\": ...}, so not a score file; name one of hbar score");
    }
    for (RecordComponent part : ScoreFile.Header.class.getRecordComponents()) {
      String field = part.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      if (!header.hasNonNull(field)) {
        throw new StudyException(
            file, 1, "header without \"" + field + "\"; make the file again with hbar score");
      }
    }
    try {
      return JSON.treeToValue(header, ScoreFile.Header.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new StudyException(
          file, 1, "header of another version; make the file again with hbar score");
    }
  }

  /**
   * One sample's score.
   *
   * @throws StudyException naming line and field if it is none
   */
  public SampleScore score(long lineNumber, String text) {
    requireSum(lineNumber, text);
    Fields line = new Fields(lineNumber, parse(lineNumber, text));
    String id = line.text(ID);
    int label = line.integer(LABEL);
    if (label != 0 && label != 1) {
      throw new StudyException(file, lineNumber, "label must be 0 or 1, not " + label + AGAIN);
    }
    double grade = line.node.has(GRADE) ? line.number(GRADE) : label;
    if (!(grade >= 0) || !(grade <= 1) || Sample.label(grade) != label) {
      throw new StudyException(
          file,
          lineNumber,
          "grade must be from 0 to 1 and of label " + label + ", not " + grade + AGAIN);
    }
    return switch (line.text(STATUS)) {
      case OK -> scored(line, id, grade);
      case ERROR -> new Failed(id, grade, line.text(ERROR));
      default ->
          throw new StudyException(file, lineNumber, "status must be \"ok\" or \"error\"" + AGAIN);
    };
  }

  private Scored scored(Fields line, String id, double grade) {
    Map<Signal, Double> scores = new LinkedHashMap<>();
    Signal.STUDY_SCORES.forEach(signal -> scores.put(signal, line.number(signal.id())));
    line.names().stream()
        .filter(name -> !NOT_SCORES.contains(name) && !COUNTS.contains(name))
        .forEach(name -> scores.put(Signal.of(name), line.number(name)));
    int newTokens = line.integer(SampleScore.NEW_TOKENS);
    List<TokenSignals> tokens = tokens(line.number, line.node.path(TOKENS));
    if (!tokens.isEmpty() && tokens.size() != newTokens) {
      throw new StudyException(
          file,
          line.number,
          "%s tokens where new_tokens is %s; restore the file or score again"
              .formatted(tokens.size(), newTokens));
    }
    return Scored.of(
        id,
        grade,
        line.integer(SampleScore.PROMPT_TOKENS),
        line.node.has(SampleScore.ANSWER_TOKENS)
            ? OptionalInt.of(line.integer(SampleScore.ANSWER_TOKENS))
            : OptionalInt.empty(),
        newTokens,
        line.text(STOP),
        scores,
        tokens);
  }

  private List<TokenSignals> tokens(long lineNumber, JsonNode rows) {
    List<TokenSignals> tokens = new ArrayList<>();
    for (JsonNode node : rows) {
      Fields row = new Fields(lineNumber, node);
      Map<Signal, Double> values = new LinkedHashMap<>();
      Signal.STUDY.forEach(signal -> values.put(signal, row.number(signal.id())));
      row.names().stream()
          .filter(name -> !name.equals(TOKEN))
          .forEach(name -> values.put(Signal.of(name), row.number(name)));
      tokens.add(TokenSignals.of(row.integer(TOKEN), values));
    }
    return tokens;
  }

  /** A line without checksum is read below a header without one only. */
  private void requireSum(long lineNumber, String line) {
    if (JsonSum.hasSum(line) ? !JsonSum.fits(line) : summed) {
      throw new StudyException(
          file,
          lineNumber,
          "its checksum does not fit: the line is not as it was written; restore the file or score"
              + " again");
    }
  }

  private JsonNode parse(long lineNumber, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new StudyException(
          file,
          lineNumber,
          "broken JSON: "
              + JsonFault.of(e.getOriginalMessage())
              + "; restore the file or score again");
    }
  }

  /** An object of one line, read field by field. */
  private final class Fields {
    private final long number;
    private final JsonNode node;

    private Fields(long number, JsonNode node) {
      this.number = number;
      this.node = node;
    }

    private List<String> names() {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }

    private String text(String field) {
      JsonNode value = node.path(field);
      if (!value.isTextual()) {
        throw wrong("field \"" + field + "\" must be a text");
      }
      return value.textValue();
    }

    private int integer(String field) {
      JsonNode value = node.path(field);
      if (!value.isInt()) {
        throw wrong("field \"" + field + "\" must be an integer");
      }
      return value.intValue();
    }

    private double number(String field) {
      JsonNode value = node.path(field);
      // 1e999 is valid JSON and reads as infinity.
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        String sample = node.has(ID) ? "sample " + node.path(ID).asText() + ": " : "";
        throw wrong(sample + "field \"" + field + "\" must be a finite number");
      }
      return value.doubleValue();
    }

    private StudyException wrong(String problem) {
      return new StudyException(file, number, problem + AGAIN);
    }
  }
}
