package dev.hbar.study.scores;

import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.study.scores.SampleScore.Failed;
import dev.hbar.study.scores.SampleScore.Scored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads scores from a score file (JSONL with a header) or a published JSON. */
public final class ScoreInput {
  private static final int HEADER_START = 64;

  private ScoreInput() {}

  /**
   * The scores of a file.
   *
   * @throws ScoreFileException naming file, line or sample, and field
   */
  public static ScoreColumns read(Path file) {
    return isScoreFile(file) ? ofRun(file, file.toString()) : PublishedScores.read(file);
  }

  /**
   * The scores of a score file.
   *
   * @param name how results name the file, for instance without the folder it lies in
   * @throws ScoreFileException naming file, line and field
   */
  public static ScoreColumns ofRun(Path file, String name) {
    ScoreFile scores = ScoreFile.read(file);
    Map<String, Long> failures =
        scores.scores().stream()
            .filter(Failed.class::isInstance)
            .map(score -> ((Failed) score).error())
            .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
    List<SampleRow> rows =
        scores.scores().stream()
            .filter(Scored.class::isInstance)
            .map(score -> row((Scored) score))
            .toList();
    requireSameSignals(file, rows);
    ScoreOrigin origin =
        new ScoreOrigin(
            name, FileHash.of(file), scores.header().checkpoint(), Optional.of(scores.header()));
    return new ScoreColumns(origin, rows, failures);
  }

  private static SampleRow row(Scored scored) {
    Map<String, Double> signals = new LinkedHashMap<>(scored.scores().study());
    signals.put("prompt_tokens", (double) scored.promptTokens());
    signals.putAll(scored.scores().more());
    scored.answerTokens().ifPresent(tokens -> signals.put("answer_tokens", (double) tokens));
    signals.put("new_tokens", (double) scored.newTokens());
    return new SampleRow(scored.id(), scored.label(), signals);
  }

  private static void requireSameSignals(Path file, List<SampleRow> rows) {
    for (SampleRow row : rows) {
      if (!row.signals().keySet().equals(rows.getFirst().signals().keySet())) {
        throw new ScoreFileException(
            file,
            "sample %s has other signals than %s"
                .formatted(row.sampleId(), rows.getFirst().sampleId()));
      }
    }
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
      throw new ScoreFileException(file, "no such file");
    } catch (IOException e) {
      throw new ScoreFileException(file, "is not a text file: " + e.getMessage());
    }
  }
}
