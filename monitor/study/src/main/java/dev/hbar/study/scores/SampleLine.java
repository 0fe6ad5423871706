package dev.hbar.study.scores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One sample where it stands in its score file.
 *
 * @param number of the line, from 1; the header is line 1
 * @param text the line without its end
 */
public record SampleLine(int number, String text) {
  private static final int FIRST = 2;

  /**
   * Finds a sample.
   *
   * @throws ScoreFileException if the file is broken or has no such sample
   */
  public static SampleLine of(Path file, String id) {
    List<String> ids = ScoreFile.read(file).scores().stream().map(score -> score.id()).toList();
    int place = ids.indexOf(id);
    if (place < 0) {
      throw new ScoreFileException(
          file,
          "has no sample %s; its %s ids begin with %s"
              .formatted(
                  id, ids.size(), String.join(", ", ids.subList(0, Math.min(2, ids.size())))));
    }
    try (Stream<String> lines = Files.lines(file)) {
      int number = place + FIRST;
      return new SampleLine(number, lines.skip(number - 1L).findFirst().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
