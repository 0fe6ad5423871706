package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key-value part of a GGUF file. Every accessor names file and key when the value is of another
 * kind.
 *
 * @param path the file, for error messages
 * @param values String, Boolean, Long, Double or a List of these
 */
record GgufMetadata(Path path, Map<String, Object> values) {

  Set<String> keys() {
    return values.keySet();
  }

  Optional<String> text(String key) {
    return find(key, String.class, "a string");
  }

  String requiredText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  Optional<Boolean> flag(String key) {
    return find(key, Boolean.class, "true or false");
  }

  Optional<Double> number(String key) {
    return find(key, Number.class, "a number").map(Number::doubleValue);
  }

  double requiredNumber(String key) {
    return number(key).orElseThrow(() -> missing(key));
  }

  /** A whole number from 0 to 2^31-1. */
  Optional<Integer> integer(String key) {
    Optional<Long> value = find(key, Long.class, "one whole number");
    value.ifPresent(
        number -> require(number >= 0 && number <= Integer.MAX_VALUE, key, "out of range"));
    return value.map(Long::intValue);
  }

  int requiredInteger(String key) {
    return integer(key).orElseThrow(() -> missing(key));
  }

  Optional<List<String>> texts(String key) {
    return list(key, String.class);
  }

  Optional<List<Double>> numbers(String key) {
    return list(key, Number.class).map(all -> all.stream().map(Number::doubleValue).toList());
  }

  Optional<List<Long>> integers(String key) {
    return list(key, Long.class);
  }

  /** An error about one key. */
  CheckpointException fault(String key, String what) {
    return CheckpointException.inField(
        path, key, what, "use another file or the original checkpoint");
  }

  CheckpointException missing(String key) {
    return fault(key, "the value is missing");
  }

  private void require(boolean condition, String key, String what) {
    if (!condition) {
      throw fault(key, what + ": " + ErrorText.quoted(String.valueOf(values.get(key))));
    }
  }

  private <T> Optional<T> find(String key, Class<T> type, String wanted) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    require(type.isInstance(value), key, "must be " + wanted);
    return Optional.of(type.cast(value));
  }

  private <T> Optional<List<T>> list(String key, Class<T> type) {
    Optional<List<?>> found = find(key, List.class, "a list").map(list -> (List<?>) list);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<T> typed = new ArrayList<>(found.get().size());
    for (Object element : found.get()) {
      require(
          type.isInstance(element), key, "elements must all be of type " + type.getSimpleName());
      typed.add(type.cast(element));
    }
    return Optional.of(typed);
  }
}
