package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.model.capture.Span;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a reference file says about itself; each part is empty in a file without such notes.
 *
 * @param engine for example transformers
 * @param dtype that the engine computed in
 * @param rope whose rope definition it used
 * @param span of the named points
 * @param configHash SHA-256 of the checkpoint's config.json
 */
record ReferenceNotes(
    Optional<String> engine,
    Optional<DType> dtype,
    Optional<String> rope,
    Optional<Span> span,
    Optional<int[]> prompt,
    Optional<String> configHash) {

  /**
   * Reads the metadata of a safetensors file.
   *
   * @throws IllegalArgumentException naming the note that cannot be read
   */
  static ReferenceNotes of(Map<String, String> metadata) {
    return new ReferenceNotes(
        note(metadata, "engine"),
        note(metadata, "dtype").map(ReferenceNotes::dtype),
        note(metadata, "rope_reference"),
        note(metadata, "positions").flatMap(ReferenceNotes::span),
        note(metadata, "prompt_ids").map(ReferenceNotes::ids),
        note(metadata, "config_sha256"));
  }

  private static Optional<String> note(Map<String, String> metadata, String key) {
    return Optional.ofNullable(metadata.get(key)).filter(value -> !value.isBlank());
  }

  private static DType dtype(String name) {
    return Arrays.stream(DType.values())
        .filter(type -> type.isFloating() && type.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("dtype is " + name));
  }

  private static Optional<Span> span(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "all" -> Optional.of(Span.ALL);
      case "last" -> Optional.of(Span.LAST);
      case "none" -> Optional.empty();
      default -> throw new IllegalArgumentException("positions is " + name);
    };
  }

  private static int[] ids(String list) {
    try {
      return Arrays.stream(list.split(","))
          .map(String::strip)
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("prompt_ids is " + list, e);
    }
  }
}
