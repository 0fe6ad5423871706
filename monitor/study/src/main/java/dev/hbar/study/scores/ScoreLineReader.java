package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.signal.SignalScores;
import dev.hbar.monitor.signal.TokenSignals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the lines of one score file; every error names file, line and field. */
final class ScoreLineReader {
  private static final Set<String> SAMPLE_FIELDS =
      Set.of(
          "sum",
          "id",
          "label",
          "status",
          "prompt_tokens",
          "answer_tokens",
          "new_tokens",
          "stop",
          "hbar",
          "pri",
          "surprise",
          "dmu",
          "dsigma",
          "dh",
          "tokens");
  private static final Set<String> TOKEN_FIELDS =
      Set.of("token", "hbar", "dmu", "dsigma", "surprise", "dh", "pri");

  private final Path file;

  /** Whether the header has a checksum, so that every line must have one. */
  private boolean summed;

  ScoreLineReader(Path file) {
    this.file = file;
  }

  /** The header from the first line. */
  RunHeader readHeader(String line) {
    requireSum(1, line);
    summed = LineSum.isIn(line);
    JsonNode header = parse(1, line).path("header");
    if (!header.isObject()) {
      throw new ScoreFileException(file, 1, "no {\"header\": ...}, so not a score file");
    }
    try {
      return ScoreJson.MAPPER.treeToValue(EarlierHeader.upgraded(header), RunHeader.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new ScoreFileException(file, 1, "header of another version: " + firstLine(e));
    }
  }

  /** One sample's score. */
  SampleScore readScore(long lineNumber, String line) {
    requireSum(lineNumber, line);
    JsonNode node = parse(lineNumber, line);
    String id = text(lineNumber, node, "id");
    int label = integer(lineNumber, node, "label");
    if (label != 0 && label != 1) {
      throw new ScoreFileException(file, lineNumber, "label must be 0 or 1, not " + label);
    }
    return switch (text(lineNumber, node, "status")) {
      case "ok" -> readScored(lineNumber, node, id, label);
      case "error" -> new SampleScore.Failed(id, label, text(lineNumber, node, "error"));
      default ->
          throw new ScoreFileException(file, lineNumber, "status must be \"ok\" or \"error\"");
    };
  }

  private SampleScore readScored(long lineNumber, JsonNode node, String id, int label) {
    SignalScores scores =
        new SignalScores(
            number(lineNumber, node, "hbar"),
            number(lineNumber, node, "pri"),
            number(lineNumber, node, "surprise"),
            number(lineNumber, node, "dmu"),
            number(lineNumber, node, "dsigma"),
            number(lineNumber, node, "dh"),
            further(lineNumber, node, SAMPLE_FIELDS));
    int newTokens = integer(lineNumber, node, "new_tokens");
    List<TokenSignals> tokens = readTokens(lineNumber, node.path("tokens"));
    if (!tokens.isEmpty() && tokens.size() != newTokens) {
      throw new ScoreFileException(
          file, lineNumber, "%s tokens where new_tokens is %s".formatted(tokens.size(), newTokens));
    }
    return new SampleScore.Scored(
        id,
        label,
        integer(lineNumber, node, "prompt_tokens"),
        node.has("answer_tokens")
            ? OptionalInt.of(integer(lineNumber, node, "answer_tokens"))
            : OptionalInt.empty(),
        newTokens,
        text(lineNumber, node, "stop"),
        scores,
        tokens);
  }

  private List<TokenSignals> readTokens(long lineNumber, JsonNode rows) {
    List<TokenSignals> tokens = new ArrayList<>();
    for (JsonNode row : rows) {
      tokens.add(
          new TokenSignals(
              integer(lineNumber, row, "token"),
              number(lineNumber, row, "hbar"),
              number(lineNumber, row, "dmu"),
              number(lineNumber, row, "dsigma"),
              number(lineNumber, row, "surprise"),
              number(lineNumber, row, "dh"),
              number(lineNumber, row, "pri"),
              further(lineNumber, row, TOKEN_FIELDS)));
    }
    return tokens;
  }

  /** Every field beside the known ones is a signal. */
  private Map<String, Double> further(long lineNumber, JsonNode node, Set<String> known) {
    Map<String, Double> signals = new LinkedHashMap<>();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                signals.put(name, number(lineNumber, node, name));
              }
            });
    return signals;
  }

  /** Lines of files from before there were checksums have none. */
  private void requireSum(long lineNumber, String line) {
    if (LineSum.isIn(line) ? !LineSum.fits(line) : summed) {
      throw new ScoreFileException(
          file,
          lineNumber,
          "its checksum does not fit: the line is not as it was written; restore the file or score"
              + " again");
    }
  }

  private JsonNode parse(long lineNumber, String line) {
    try {
      return ScoreJson.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new ScoreFileException(file, lineNumber, "broken JSON: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    String text = e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
    return text.lines().findFirst().orElse("unreadable");
  }

  private String text(long lineNumber, JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new ScoreFileException(file, lineNumber, "field \"" + field + "\" must be a text");
    }
    return value.textValue();
  }

  private int integer(long lineNumber, JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isInt()) {
      throw new ScoreFileException(file, lineNumber, "field \"" + field + "\" must be an integer");
    }
    return value.intValue();
  }

  private double number(long lineNumber, JsonNode node, String field) {
    JsonNode value = node.path(field);
    // 1e999 is valid JSON and reads as infinity.
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      String sample = node.has("id") ? "sample " + node.path("id").asText() + ": " : "";
      throw new ScoreFileException(
          file, lineNumber, sample + "field \"" + field + "\" must be a finite number");
    }
    return value.doubleValue();
  }
}
