package dev.hbar.study.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Sha256;
import dev.hbar.study.StudyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A dataset file in memory: JSON lines, or one JSON array of objects, also packed with gzip.
 *
 * @param sha256 of its bytes, lower-case hexadecimal
 */
record RecordFile(Path path, List<Fields> records, String sha256) {
  private static final int MOST_BYTES = 1 << 30;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * One record. What is not as expected is an error that names file, record and field.
   *
   * @param place for instance {@code line 7}
   * @param json an object
   */
  record Fields(Path file, String place, JsonNode json) {
    /** A field that must be a text. */
    String text(String field) {
      JsonNode value = json.path(field);
      if (!value.isTextual()) {
        throw wrong("field \"%s\" must be a text".formatted(field));
      }
      return value.textValue();
    }

    /** A field that must be a text, or a list of texts, of which the first counts. */
    String firstText(String field) {
      JsonNode value = json.path(field);
      JsonNode first = value.isArray() ? value.path(0) : value;
      if (!first.isTextual()) {
        throw wrong("field \"%s\" must be a text or a list of texts".formatted(field));
      }
      return first.textValue();
    }

    /** A field that must be a number from 0 to 1. */
    double grade(String field) {
      JsonNode value = json.path(field);
      if (!value.isNumber() || !(value.doubleValue() >= 0) || !(value.doubleValue() <= 1)) {
        throw wrong(
            "field \"%s\" must be 0 (right) or 1 (hallucinated), or a number between them"
                .formatted(field));
      }
      return value.doubleValue() + 0.0; // one zero, whatever its sign
    }

    /**
     * A list of [start, end] in code points of a text, or nothing without that field.
     *
     * @param length of the text
     */
    Optional<List<Sample.Span>> spans(String field, int length) {
      JsonNode value = json.path(field);
      if (value.isMissingNode() || value.isNull()) {
        return Optional.empty();
      }
      List<Sample.Span> spans = new ArrayList<>();
      for (JsonNode pair : value) {
        Sample.Span span = new Sample.Span(pair.path(0).asInt(-1), pair.path(1).asInt(-1));
        if (span.start() < 0 || span.end() <= span.start() || span.end() > length) {
          throw wrong(
              "field \"%s\" must be a list of [start, end] within the answer's %s characters"
                  .formatted(field, length));
        }
        spans.add(span);
      }
      return Optional.of(spans);
    }

    StudyException wrong(String problem) {
      return new StudyException(file, place + ": " + problem);
    }
  }

  /**
   * Reads a file.
   *
   * @throws StudyException if it is missing, empty, not UTF-8 or not JSON
   */
  static RecordFile read(Path file) {
    byte[] bytes = bytes(file);
    String text = text(file, bytes);
    List<Fields> records =
        text.stripLeading().startsWith("[") ? array(file, text) : lines(file, text);
    if (records.isEmpty()) {
      throw new StudyException(file, "is empty; give a file with records");
    }
    return new RecordFile(file, records, Sha256.hex(bytes));
  }

  /**
   * The samples of a slice of its records.
   *
   * @param dataset its name
   * @param protocol how samples are made of records
   * @param samplesOf the samples of a record by its index; none if it is not used
   * @throws StudyException if skip leaves nothing, no record is of use, or an id is there twice
   */
  SampleSource samples(
      String dataset,
      String protocol,
      int skip,
      OptionalInt limit,
      IntFunction<List<Sample>> samplesOf) {
    int left = records.size() - skip;
    if (left <= 0) {
      throw new StudyException(
          path,
          "has %s records, skipping %s leaves none; skip fewer".formatted(records.size(), skip));
    }
    int used = Math.min(left, limit.orElse(left));
    List<Sample> samples = new ArrayList<>();
    for (int i = skip; i < skip + used; i++) {
      samples.addAll(samplesOf.apply(i));
    }
    requireUsable(samples);
    Selection selection = new Selection.Records(dataset, skip, used, samples.size());
    return new SampleSource.InMemory(
        new SampleSource.Origin(Map.of(dataset, sha256), protocol, selection), samples);
  }

  private void requireUsable(List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new StudyException(path, "has no record that can be judged; name another");
    }
    Set<String> ids = new HashSet<>();
    for (Sample sample : samples) {
      if (!ids.add(sample.id())) {
        throw new StudyException(
            path, "two samples have the id " + sample.id() + "; rename one of them");
      }
    }
  }

  static byte[] bytes(Path file) {
    try {
      return RegularFile.bytes(file, MOST_BYTES);
    } catch (NoSuchFileException e) {
      throw new StudyException(file, "no such file; check its name");
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
  }

  static String text(Path file, byte[] bytes) {
    try (InputStream plain = RegularFile.plain(new ByteArrayInputStream(bytes))) {
      byte[] text = plain.readNBytes(MOST_BYTES);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new StudyException(file, "is not UTF-8 text; convert it first");
    } catch (IOException e) {
      throw new StudyException(
          file, "cannot be unpacked (" + ErrorText.reason(e) + "); fetch it again");
    }
  }

  private static List<Fields> array(Path file, String text) {
    List<Fields> records = new ArrayList<>();
    for (JsonNode record : parse(file, "the file", text)) {
      records.add(object(file, "record " + (records.size() + 1), record));
    }
    return records;
  }

  private static List<Fields> lines(Path file, String text) {
    List<Fields> records = new ArrayList<>();
    for (String line : text.stripTrailing().lines().toList()) {
      String place = "line " + (records.size() + 1);
      records.add(object(file, place, parse(file, place, line)));
    }
    return records;
  }

  private static Fields object(Path file, String place, JsonNode record) {
    Fields fields = new Fields(file, place, record);
    if (!record.isObject()) {
      throw fields.wrong("not a JSON object; correct it");
    }
    return fields;
  }

  private static JsonNode parse(Path file, String place, String text) {
    return parse(
        text,
        reason -> new StudyException(file, place + ": broken JSON: " + reason + "; mend it there"));
  }

  /** Strict JSON: no duplicate field, nothing after the value. */
  static JsonNode parse(String text, Function<String, StudyException> broken) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw broken.apply(JsonFault.of(e.getOriginalMessage()));
    }
  }
}
