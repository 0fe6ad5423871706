package dev.hbar.study.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Sha256;
import dev.hbar.study.StudyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A HaluEval file: JSON lines, every one of them checked, also packed with gzip. Record indices
 * count from 0 at the first line; blank lines may end it.
 *
 * @param path where it is
 * @param task which of the three
 * @param records number of records
 * @param sha256 of the whole file, lower-case hexadecimal
 */
record HaluEvalFile(Path path, HaluEvalTask task, int records, String sha256) {
  /** The judgement prompts with dialogue_history read where the data has it. */
  private static final String PROTOCOL = "halueval-judgement";

  private static final int BUFFER = 1 << 16;

  /**
   * Checks every line once, so that a broken record shows before hours of scoring.
   *
   * @throws StudyException if the file is missing, empty or damaged, or holds a record twice
   */
  static HaluEvalFile check(Path path, HaluEvalTask task) {
    MessageDigest digest = Sha256.digest();
    int records = 0;
    try (InputStream bytes = new DigestInputStream(RegularFile.open(path), digest);
        Lines lines = new Lines(path, task, bytes)) {
      // Key: digest of the line, so that 47 MB of summaries are not kept in memory.
      Map<String, Long> seen = new HashMap<>();
      for (String line = lines.next(); line != null; line = lines.next()) {
        lines.fields(line);
        lines.refuseDuplicate(line, seen);
        records++;
      }
      // gzip leaves its end unread.
      bytes.transferTo(OutputStream.nullOutputStream());
    } catch (NoSuchFileException e) {
      throw new StudyException(path, "no such file; check its name");
    } catch (IOException e) {
      throw new StudyException(
          path,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
    if (records == 0) {
      throw new StudyException(path, "is empty; give a file with records");
    }
    return new HaluEvalFile(path, task, records, HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * Some of its records, two samples each, streamed from the file.
   *
   * @param skip records to leave out at the start
   * @param limit most records to use; all that are left if empty
   * @throws StudyException if skip leaves none
   */
  SampleSource slice(int skip, OptionalInt limit) {
    int left = records - skip;
    if (left <= 0) {
      throw new StudyException(
          path, "has %s records, skipping %s leaves none; skip fewer".formatted(records, skip));
    }
    return new Slice(this, skip, Math.min(left, limit.orElse(left)));
  }

  /** Its lines from the first one on; the caller closes them. */
  Lines open() {
    try {
      return new Lines(path, task, RegularFile.open(path));
    } catch (IOException e) {
      throw new StudyException(
          path,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
  }

  /** Records from {@code skip} on. */
  private record Slice(HaluEvalFile file, int skip, int records) implements SampleSource {
    @Override
    public int size() {
      return 2 * records;
    }

    @Override
    public Origin origin() {
      String task = file.task.id();
      return new Origin(
          Map.of(task, file.sha256), PROTOCOL, new Selection.Slice(task, skip, records));
    }

    @Override
    public Stream<Sample> open() {
      Lines lines = file.open();
      lines.skip(skip);
      return IntStream.range(skip, skip + records)
          .mapToObj(recordIndex -> file.task.samples(recordIndex, lines.nextRecord()))
          .flatMap(List::stream)
          .onClose(lines::close);
    }
  }

  /** The lines of a file, one after the other. Mutable, for one thread. */
  static final class Lines implements AutoCloseable {
    private final Path path;
    private final HaluEvalTask task;
    private final BufferedReader reader;
    private long lineNumber;

    private Lines(Path path, HaluEvalTask task, InputStream bytes) throws IOException {
      this.path = path;
      this.task = task;
      // A decoder throws on bad bytes; a reader made from a charset name would hide them.
      this.reader =
          new BufferedReader(
              new InputStreamReader(RegularFile.plain(bytes), StandardCharsets.UTF_8.newDecoder()),
              BUFFER);
    }

    /** The next line as its record's fields. */
    Map<String, String> nextRecord() {
      return fields(nextOfChecked());
    }

    /** Passes over some lines. */
    void skip(int lines) {
      for (int i = 0; i < lines; i++) {
        nextOfChecked();
      }
    }

    private String nextOfChecked() {
      String line;
      try {
        line = next();
      } catch (IOException e) {
        throw new StudyException(
            path,
            lineNumber,
            "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
      }
      if (line == null) {
        throw new StudyException(
            path,
            lineNumber,
            "the file became shorter while it was read; run it again when nothing writes to it");
      }
      return line;
    }

    /** The next line; null after the last, which blank ones may follow. */
    private String next() throws IOException {
      lineNumber++;
      try {
        String line = reader.readLine();
        if (line == null || !line.isBlank()) {
          return line;
        }
        for (String rest = reader.readLine(); rest != null; rest = reader.readLine()) {
          if (!rest.isBlank()) {
            throw new StudyException(path, lineNumber, "not a JSON object; write one a line");
          }
        }
        return null;
      } catch (MalformedInputException e) {
        throw new StudyException(
            path, lineNumber, "not UTF-8 text (or a line shortly after it); convert it first");
      }
    }

    /** The task's fields of the line just read, all texts; others are ignored. */
    private Map<String, String> fields(String line) {
      JsonNode node =
          RecordFile.parse(
              line,
              reason ->
                  new StudyException(
                      path, lineNumber, "broken JSON: " + reason + "; mend the line"));
      if (!node.isObject()) {
        throw new StudyException(path, lineNumber, "not a JSON object; write one a line");
      }
      Map<String, String> fields = new HashMap<>();
      for (String field : task.requiredFields()) {
        JsonNode value = node.get(field);
        if (value == null) {
          throw new StudyException(
              path,
              lineNumber,
              "field \"%s\" is missing; is this a %s file?".formatted(field, task.id()));
        }
        if (!value.isTextual()) {
          throw new StudyException(
              path, lineNumber, "field \"%s\" is not a text; correct the line".formatted(field));
        }
        fields.put(field, value.textValue());
      }
      return fields;
    }

    private void refuseDuplicate(String line, Map<String, Long> seen) {
      byte[] key = Sha256.digest().digest(line.getBytes(StandardCharsets.UTF_8));
      Long first = seen.putIfAbsent(HexFormat.of().formatHex(key, 0, 16), lineNumber);
      if (first != null) {
        throw new StudyException(
            path, lineNumber, "the same record as line " + first + "; remove one of them");
      }
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
