package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.engine.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The fields of a JSON object, read with their types: what does not fit is an {@link ApiException}
 * that names the field by its path. A field that is null counts as absent, as clients send it.
 */
final class Fields {
  private final ObjectNode object;
  private final String path;

  private Fields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  static Fields of(ObjectNode body) {
    return new Fields(body, "");
  }

  private static Fields of(JsonNode node, String path) {
    if (!(node instanceof ObjectNode object)) {
      throw ApiException.field(path, "must be an object, not " + kind(node));
    }
    return new Fields(object, path);
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Refuses a value of this object. */
  ApiException wrong(String name, String problem) {
    return ApiException.field(path(name), problem);
  }

  boolean has(String name) {
    return node(name).isPresent();
  }

  /** The value as it stands. */
  Optional<JsonNode> node(String name) {
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  Optional<String> text(String name) {
    return node(name)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw wrong(name, "must be a text, not " + kind(value));
              }
              return value.textValue();
            });
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> wrong(name, "is missing"));
  }

  boolean flag(String name, boolean otherwise) {
    Optional<JsonNode> value = node(name);
    if (value.filter(node -> !node.isBoolean()).isPresent()) {
      throw wrong(name, "must be true or false, not " + kind(value.get()));
    }
    return value.map(JsonNode::booleanValue).orElse(otherwise);
  }

  /** A number in [least, most]. */
  OptionalDouble number(String name, double least, double most) {
    Optional<JsonNode> value = node(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
    if (!(number >= least && number <= most)) {
      throw wrong(
          name,
          "must be a number from %s to %s: %s"
              .formatted(plain(least), plain(most), shown(value.get())));
    }
    return OptionalDouble.of(number);
  }

  /** A whole number in [least, most]. */
  OptionalInt integer(String name, int least, int most) {
    Optional<JsonNode> value = node(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode number = value.get();
    boolean whole = number.isNumber() && number.doubleValue() == Math.rint(number.doubleValue());
    if (!whole || number.doubleValue() < least || number.doubleValue() > most) {
      throw wrong(
          name, "must be a whole number from " + least + " to " + most + ": " + shown(number));
    }
    return OptionalInt.of((int) number.doubleValue());
  }

  /** A whole number of 64 bits. */
  Optional<Long> wide(String name) {
    return node(name)
        .map(
            value -> {
              if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrong(name, "must be a whole number of 64 bits: " + shown(value));
              }
              return value.longValue();
            });
  }

  Optional<Fields> object(String name) {
    return node(name).map(value -> of(value, path(name)));
  }

  /** The objects of a list; empty if it is absent. */
  List<Fields> objects(String name) {
    List<Fields> all = new ArrayList<>();
    List<JsonNode> entries = list(name);
    for (int i = 0; i < entries.size(); i++) {
      all.add(of(entries.get(i), path(name) + "[" + i + "]"));
    }
    return all;
  }

  /** The entries of a list; empty if it is absent. */
  List<JsonNode> list(String name) {
    Optional<JsonNode> value = node(name);
    if (value.filter(node -> !node.isArray()).isPresent()) {
      throw wrong(name, "must be a list, not " + kind(value.get()));
    }
    List<JsonNode> entries = new ArrayList<>();
    value.ifPresent(array -> array.forEach(entries::add));
    return entries;
  }

  /** A text, or a list of texts. */
  List<String> texts(String name) {
    Optional<JsonNode> value = node(name);
    if (value.filter(JsonNode::isTextual).isPresent()) {
      return List.of(value.get().textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode entry : list(name)) {
      if (!entry.isTextual()) {
        throw wrong(name, "must be a text or a list of texts, not of " + kind(entry));
      }
      texts.add(entry.textValue());
    }
    return texts;
  }

  /** The fields by name, values as they stand. */
  Map<String, JsonNode> all() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    object.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  /** Refuses fields that would change the answer and are not understood here. */
  void refuse(String why, String... names) {
    for (String name : names) {
      if (has(name)) {
        throw wrong(name, why);
      }
    }
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
