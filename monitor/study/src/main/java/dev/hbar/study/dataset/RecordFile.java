package dev.hbar.study.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A dataset file in memory: JSON lines, or one JSON array of objects.
 *
 * @param sha256 of its bytes, lower-case hexadecimal
 */
record RecordFile(Path path, List<RecordFields> records, String sha256) {
  private static final int MOST_BYTES = 1 << 30;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a file.
   *
   * @throws DatasetException if it is missing, empty, not UTF-8 or not JSON
   */
  static RecordFile read(Path file) {
    byte[] bytes = bytes(file);
    String text = text(file, bytes);
    List<RecordFields> records =
        text.stripLeading().startsWith("[") ? array(file, text) : lines(file, text);
    if (records.isEmpty()) {
      throw new DatasetException(file, "is empty");
    }
    return new RecordFile(file, records, sha256(bytes));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return RegularFile.bytes(file, MOST_BYTES);
    } catch (NoSuchFileException e) {
      throw new DatasetException(file, "no such file");
    } catch (IOException e) {
      throw new DatasetException(file, "cannot be read: " + e.getMessage());
    }
  }

  static String text(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DatasetException(file, "is not UTF-8 text");
    }
  }

  private static List<RecordFields> array(Path file, String text) {
    List<RecordFields> records = new ArrayList<>();
    for (JsonNode record : parse(file, "the file", text)) {
      records.add(object(file, "record " + (records.size() + 1), record));
    }
    return records;
  }

  private static List<RecordFields> lines(Path file, String text) {
    List<RecordFields> records = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String place = "line " + (records.size() + 1);
      records.add(object(file, place, parse(file, place, line)));
    }
    return records;
  }

  private static RecordFields object(Path file, String place, JsonNode record) {
    RecordFields fields = new RecordFields(file, place, record);
    if (!record.isObject()) {
      throw fields.wrong("not a JSON object");
    }
    return fields;
  }

  private static JsonNode parse(Path file, String place, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new DatasetException(file, place + ": broken JSON: " + reason);
    }
  }
}
