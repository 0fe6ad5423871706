package dev.hbar.study.dataset;

import dev.hbar.model.checkpoint.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** One pass over a HaluEval file: every record valid, none twice; counts and hashes it. */
final class HaluEvalCheck {
  private final Path file;
  private final HaluEvalTask task;
  // Key: digest of the line, so that 47 MB of summaries are not kept in memory.
  private final Map<String, Long> seen = new HashMap<>();

  private HaluEvalCheck(Path file, HaluEvalTask task) {
    this.file = file;
    this.task = task;
  }

  /** Number of records and hash of the file. */
  record Result(int records, String sha256) {}

  static Result run(Path file, HaluEvalTask task) {
    MessageDigest digest = sha256();
    HaluEvalCheck check = new HaluEvalCheck(file, task);
    try (InputStream bytes = new DigestInputStream(RegularFile.open(file), digest);
        // Unlike Files.newBufferedReader, a reader made from a charset name would hide bad bytes.
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()), 1 << 16)) {
      int records = check.readAll(lines);
      if (records == 0) {
        throw new DatasetException(file, "is empty");
      }
      return new Result(records, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchFileException e) {
      throw new DatasetException(file, "no such file");
    } catch (IOException e) {
      throw new DatasetException(file, "cannot be read: " + e.getMessage());
    }
  }

  private int readAll(BufferedReader lines) throws IOException {
    int records = 0;
    for (String line = next(lines, 1); line != null; line = next(lines, records + 1L)) {
      records++;
      HaluEvalRecordReader.read(file, records, line, task);
      refuseDuplicate(records, line);
    }
    return records;
  }

  private String next(BufferedReader lines, long lineNumber) throws IOException {
    try {
      return lines.readLine();
    } catch (MalformedInputException e) {
      throw new DatasetException(file, lineNumber, "not UTF-8 text (or a line shortly after it)");
    }
  }

  private void refuseDuplicate(long lineNumber, String line) {
    byte[] key = sha256().digest(line.getBytes(StandardCharsets.UTF_8));
    Long first = seen.putIfAbsent(HexFormat.of().formatHex(key, 0, 16), lineNumber);
    if (first != null) {
      throw new DatasetException(file, lineNumber, "the same record as line " + first);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
