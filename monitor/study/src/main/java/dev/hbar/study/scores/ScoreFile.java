package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Selection;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The content of a score file, checked line by line.
 *
 * @param header what was run
 * @param scores every complete line in its order; ids are unique
 * @param completeBytes length of the file up to the end of its last complete line
 */
public record ScoreFile(Header header, List<SampleScore> scores, long completeBytes) {
  /** Far above any real line (512 tokens are 80 kB); other files have no line ends at all. */
  private static final int MOST_LINE_BYTES = 1 << 24;

  /** Copies the list. */
  public ScoreFile {
    scores = List.copyOf(scores);
  }

  /**
   * Reads a score file. A last line without its end (a run that was killed or is still writing) is
   * left out.
   *
   * @throws StudyException naming file and line if anything else is wrong
   */
  public static ScoreFile read(Path file) {
    try (InputStream bytes = RegularFile.open(file)) {
      return read(file, bytes);
    } catch (NoSuchFileException e) {
      throw new StudyException(file, "no such file; check its name");
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
  }

  static ScoreFile read(Path file, InputStream bytes) throws IOException {
    BufferedInputStream in = new BufferedInputStream(bytes, 1 << 16);
    ScoreLines reader = new ScoreLines(file);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    if (!nextLine(in, line)) {
      throw new StudyException(
          file, "has no complete header line, so it is not a score file; name one of hbar score");
    }
    Header header = reader.header(line.toString(StandardCharsets.UTF_8));
    long completeBytes = line.size() + 1L;
    List<SampleScore> scores = new ArrayList<>();
    Map<String, Long> lineOfId = new HashMap<>();
    for (long number = 2; nextLine(in, line); number++) {
      SampleScore score = reader.score(number, line.toString(StandardCharsets.UTF_8));
      Long first = lineOfId.putIfAbsent(score.id(), number);
      if (first != null) {
        throw new StudyException(
            file,
            number,
            "id %s is already in line %s; remove one of them".formatted(score.id(), first));
      }
      scores.add(score);
      completeBytes += line.size() + 1L;
    }
    return new ScoreFile(header, scores, completeBytes);
  }

  /** Reads up to a line feed; false if the bytes end before one. */
  private static boolean nextLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    line.reset();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return true;
      }
      if (line.size() == MOST_LINE_BYTES) {
        throw new IOException("a line of more than 16 MiB, so it is not a score file");
      }
      line.write(b);
    }
    return false;
  }

  /**
   * One sample where it stands in its score file.
   *
   * @param number of the line, from 1; the header is line 1
   * @param text the line without its end
   */
  public record Line(int number, String text) {
    private static final int FIRST = 2;

    /**
     * Finds a sample.
     *
     * @throws StudyException if the file is broken or has no such sample
     */
    public static Line of(Path file, String id) {
      List<String> ids = ScoreFile.read(file).scores().stream().map(score -> score.id()).toList();
      int place = ids.indexOf(id);
      if (place < 0) {
        throw new StudyException(
            file,
            "has no sample %s; its %s ids begin with %s"
                .formatted(
                    id, ids.size(), String.join(", ", ids.subList(0, Math.min(2, ids.size())))));
      }
      try (Stream<String> lines = Files.lines(file)) {
        int number = place + FIRST;
        return new Line(number, lines.skip(number - 1L).findFirst().orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

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
  public record Header(
      String checkpoint,
      String checkpointSha256,
      Map<String, String> dataSha256,
      String protocol,
      Selection selection,
      Settings settings,
      Map<String, String> versions) {

    /** Sorts the maps, so that equal headers have equal bytes. */
    public Header {
      dataSha256 = Collections.unmodifiableMap(new TreeMap<>(dataSha256));
      versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    /** The first difference as {@code field: this value here, other value there}, if any. */
    public Optional<String> firstDifference(Header other) {
      return ResultFile.firstDifference(
          ScoreLines.JSON.valueToTree(this), ScoreLines.JSON.valueToTree(other));
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
}
