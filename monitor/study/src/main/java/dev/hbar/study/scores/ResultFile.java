package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.JsonSum;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Parameters and results as JSON files: snake case, indented, whole or not at all. A file that was
 * there stays as it is until the new one is complete on the disk.
 */
public final class ResultFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          // A record's parts in their order, then what it derives by name: the latter would come as
          // reflection lists the methods, which changes from one JVM to the next.
          .enable(
              MapperFeature.SORT_PROPERTIES_ALPHABETICALLY,
              MapperFeature.SORT_CREATOR_PROPERTIES_BY_DECLARATION_ORDER)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private ResultFile() {}

  /** The value as indented JSON with a line end. */
  public static String json(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers and texts is always JSON", e);
    }
  }

  /** The value as a file holds it: {@link #json} with its checksum in the last field. */
  public static String text(Object value) {
    String text = json(value);
    return tree(value) instanceof ObjectNode document && !document.isEmpty()
        ? text.substring(0, text.length() - 3)
            + ",\n  \"%s\" : \"%s\"\n}\n".formatted(JsonSum.FIELD, JsonSum.of(document))
        : text;
  }

  /** The value as the JSON document that {@link #read} would find. */
  public static JsonNode tree(Object value) {
    try {
      return JSON.readTree(json(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was written as JSON is JSON", e);
    }
  }

  /**
   * Writes a file, its checksum in the last field.
   *
   * @throws StudyException if that fails, for instance on a full disk
   */
  public static void write(Path file, Object value) {
    byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new StudyException(
          file, "cannot be written (" + ErrorText.reason(e) + "); choose another path");
    }
  }

  /** The first difference between two documents, as a sentence, if any. */
  public static Optional<String> firstDifference(JsonNode mine, JsonNode theirs) {
    return difference("", mine, theirs);
  }

  private static Optional<String> difference(String path, JsonNode mine, JsonNode theirs) {
    if (mine.equals(theirs)) {
      return Optional.empty();
    }
    if (!mine.isObject() || !theirs.isObject()) {
      return Optional.of("%s is %s there and %s here".formatted(path, theirs, mine));
    }
    Set<String> names = new TreeSet<>();
    mine.fieldNames().forEachRemaining(names::add);
    theirs.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .map(
            name ->
                difference(
                    path.isEmpty() ? name : path + "." + name, mine.path(name), theirs.path(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The first field of a document that holds no finite number where a number belongs, if any: JSON
   * has no NaN, so it is written as a text.
   */
  public static Optional<String> notFinite(JsonNode document) {
    return notFinite("", document);
  }

  private static Optional<String> notFinite(String path, JsonNode node) {
    if (!node.isContainerNode()) {
      boolean bad =
          NOT_FINITE.contains(node.asText())
              || node.isNumber() && !Double.isFinite(node.doubleValue());
      return bad ? Optional.of(path) : Optional.empty();
    }
    List<String> names =
        node.isObject()
            ? node.properties().stream().map(Map.Entry::getKey).toList()
            : IntStream.range(0, node.size()).mapToObj(String::valueOf).toList();
    return names.stream()
        .map(
            name ->
                notFinite(
                    path.isEmpty() ? name : path + "." + name,
                    node.isObject() ? node.get(name) : node.get(Integer.parseInt(name))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Reads a JSON document.
   *
   * @throws StudyException if the file is missing or not JSON, or its checksum does not fit
   */
  public static JsonNode read(Path file) {
    try {
      JsonNode document = JSON.readTree(RegularFile.text(file, 1 << 28));
      requireSum(file, document);
      return document;
    } catch (NoSuchFileException e) {
      throw new StudyException(file, "no such file; check its name");
    } catch (JsonProcessingException e) {
      String problem = JsonFault.of(e.getOriginalMessage());
      throw new StudyException(
          file, "broken JSON: " + problem + "; restore the file or make it again");
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
  }

  /** Refuses a document with another checksum than its own; those of others have none. */
  static void requireSum(Path file, JsonNode document) {
    if (!JsonSum.absentOrFits(document)) {
      throw new StudyException(file, JsonSum.fault());
    }
  }

  /**
   * The record in a document.
   *
   * @throws StudyException if it does not fit
   */
  public static <T> T bind(Path file, JsonNode document, Class<T> type) {
    try {
      return JSON.treeToValue(document, type);
    } catch (JsonProcessingException e) {
      throw new StudyException(
          file, field(e) + " does not fit; was the file written by another version of hbar?");
    }
  }

  /** The place in the document that a record could not take, in our words and not the library's. */
  private static String field(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "what it holds";
    }
    String path =
        mapping.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
            .collect(Collectors.joining("."));
    return "field \"" + path.replace(".[", "[") + "\"";
  }
}
