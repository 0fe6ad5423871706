package dev.hbar.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Typed access to the fields of one JSON object; every refusal names file and field. A field that
 * is null counts as absent, as in the Python that writes these files.
 */
public final class JsonFields {
  private static final String WAY_OUT = "correct the field or download the checkpoint again";

  private final Path file;
  private final String prefix;
  private final ObjectNode object;

  /** The fields of {@code object}, which lies at {@code prefix} ("" or "outer.") in the file. */
  JsonFields(Path file, String prefix, ObjectNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  /** Of a file that holds an empty object. */
  public static JsonFields empty(Path file) {
    return new JsonFields(file, "", JsonNodeFactory.instance.objectNode());
  }

  /** Of a text that holds an object and was made with this program. */
  public static JsonFields ofText(Path label, String text) {
    return JsonFile.parsed(label, text);
  }

  /** These fields, and those of {@code other} that are not here; a null here counts as there. */
  public JsonFields over(JsonFields other) {
    ObjectNode all = other.object.deepCopy();
    object.properties().forEach(field -> all.set(field.getKey(), field.getValue()));
    return new JsonFields(file, prefix, all);
  }

  /** The same without these fields. */
  public JsonFields without(Set<String> names) {
    ObjectNode rest = object.deepCopy();
    rest.remove(names);
    return new JsonFields(file, prefix, rest);
  }

  /** Only these fields, where they are there and not null. */
  public JsonFields only(Set<String> names) {
    return without(
        names().stream().filter(n -> !names.contains(n) || !has(n)).collect(Collectors.toSet()));
  }

  /** The file, for messages. */
  public Path file() {
    return file;
  }

  /** All names, sorted. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    return object.hasNonNull(field);
  }

  /** A list of integers from 0, empty when the field is absent. */
  public List<Integer> integers(String field) {
    if (!has(field)) {
      return List.of();
    }
    List<Integer> values = new ArrayList<>();
    for (JsonNode value : object.get(field)) {
      if (!isInt(value) || value.intValue() < 0) {
        throw fault(field, "must be a list of integers from 0, found " + shown(field));
      }
      values.add(value.intValue());
    }
    return values;
  }

  /** Whether the field is there and null: the writer chose "none", not the default. */
  public boolean isNull(String field) {
    return object.has(field) && object.get(field).isNull();
  }

  /** An integer in [1, most]. */
  public int positiveInt(String field, int most) {
    return optionalPositiveInt(field, most).orElseThrow(() -> missing(field));
  }

  /** An integer in [1, most], or nothing when the field is absent. */
  public OptionalInt optionalPositiveInt(String field, int most) {
    if (!has(field)) {
      return OptionalInt.empty();
    }
    JsonNode value = object.get(field);
    if (!isInt(value) || value.intValue() < 1 || value.intValue() > most) {
      throw fault(field, "must be an integer from 1 to " + most + ", found " + shown(field));
    }
    return OptionalInt.of(value.intValue());
  }

  /** Any integer that fits an int. */
  public int integer(String field) {
    if (!has(field)) {
      throw missing(field);
    }
    if (!isInt(object.get(field))) {
      throw fault(field, "must be an integer, found " + shown(field));
    }
    return object.get(field).intValue();
  }

  /** A finite number above zero. */
  public double positiveNumber(String field) {
    return optionalPositiveNumber(field).orElseThrow(() -> missing(field));
  }

  /** A finite number above zero, or nothing when the field is absent. */
  public OptionalDouble optionalPositiveNumber(String field) {
    if (!has(field)) {
      return OptionalDouble.empty();
    }
    double value = number(object.get(field));
    if (!(value > 0)) {
      throw fault(field, "must be a finite number above 0, found " + shown(field));
    }
    return OptionalDouble.of(value);
  }

  /** A finite number, or nothing when the field is absent. */
  public OptionalDouble optionalNumber(String field) {
    if (!has(field)) {
      return OptionalDouble.empty();
    }
    double value = number(object.get(field));
    if (Double.isNaN(value)) {
      throw fault(field, "must be a finite number, found " + shown(field));
    }
    return OptionalDouble.of(value);
  }

  /** A list of finite numbers above zero, of exactly that length. */
  public List<Double> positiveNumbers(String field, int length) {
    if (!has(field)) {
      throw missing(field);
    }
    JsonNode list = object.get(field);
    if (!list.isArray() || list.size() != length) {
      String found = list.isArray() ? list.size() + " entries" : shown(field);
      throw fault(field, "must be a list of " + length + " numbers, found " + found);
    }
    List<Double> values = new ArrayList<>(length);
    for (JsonNode entry : list) {
      double value = number(entry);
      if (!(value > 0)) {
        throw fault(field, "must hold finite numbers above 0, found " + shown(entry));
      }
      values.add(value);
    }
    return List.copyOf(values);
  }

  /** A list of numbers, of which some may be infinite; empty when the field is absent. */
  public List<Double> numbers(String field) {
    List<Double> values = new ArrayList<>();
    if (has(field)) {
      for (JsonNode entry : object.get(field)) {
        double value = entry.asDouble(Double.NaN);
        if (Double.isNaN(value)) {
          throw fault(field, "must be a list of numbers, found " + shown(field));
        }
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  /** An integer of at least 0, a list of them, or nothing. */
  public List<Integer> tokenIds(String field) {
    if (!has(field)) {
      return List.of();
    }
    JsonNode value = object.get(field);
    Iterable<JsonNode> entries = value.isArray() ? value : List.of(value);
    List<Integer> ids = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (!isInt(entry) || entry.intValue() < 0) {
        throw fault(field, "must be a token id or a list of them, found " + shown(field));
      }
      ids.add(entry.intValue());
    }
    return List.copyOf(ids);
  }

  /** A list of strings; empty when the field is absent. */
  public List<String> texts(String field) {
    if (!has(field)) {
      return List.of();
    }
    JsonNode list = object.get(field);
    List<String> values = new ArrayList<>();
    list.forEach(entry -> values.add(entry.textValue()));
    if (!list.isArray() || values.contains(null)) {
      throw fault(field, "must be a list of strings, found " + shown(field));
    }
    return List.copyOf(values);
  }

  /** A string, or nothing. */
  public Optional<String> text(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!object.get(field).isTextual()) {
      throw fault(field, "must be a string, found " + shown(field));
    }
    return Optional.of(object.get(field).textValue());
  }

  /** true, false, or nothing. */
  public Optional<Boolean> flag(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!isFlag(field)) {
      throw fault(field, "must be true or false, found " + shown(field));
    }
    return Optional.of(object.get(field).booleanValue());
  }

  /** Whether the field is true or false. */
  public boolean isFlag(String field) {
    return has(field) && object.get(field).isBoolean();
  }

  /** Whether the field is a string. */
  public boolean isText(String field) {
    return has(field) && object.get(field).isTextual();
  }

  /** Whether the field is a list. */
  public boolean isList(String field) {
    return object.path(field).isArray();
  }

  /** Whether the field is an object. */
  public boolean isObject(String field) {
    return has(field) && object.get(field).isObject();
  }

  /** The fields of an inner object, or nothing when the field is absent. */
  public Optional<JsonFields> object(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!isObject(field)) {
      throw fault(field, "must be an object, found " + shown(field));
    }
    return Optional.of(new JsonFields(file, prefix + field + ".", (ObjectNode) object.get(field)));
  }

  /** The error that {@code field} is wrong; {@code what} goes on after the field's name. */
  public CheckpointException fault(String field, String what) {
    String name = ErrorText.oneLine(prefix + field);
    return CheckpointException.inField(file, name, name + " " + what, WAY_OUT);
  }

  /** The error that {@code field} is missing. */
  public CheckpointException missing(String field) {
    return fault(field, "is missing");
  }

  private String shown(String field) {
    return shown(object.get(field));
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return ErrorText.oneLine(text.length() <= 60 ? text : text.substring(0, 60) + "...");
  }

  private static boolean isInt(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  /** NaN for anything that is not a finite number. */
  private static double number(JsonNode value) {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    return Double.isFinite(number) ? number : Double.NaN;
  }
}
