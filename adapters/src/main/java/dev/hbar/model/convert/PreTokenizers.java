package dev.hbar.model.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of tokenizer.json that a GGUF file only names, as the models' own published files have
 * them.
 */
enum PreTokenizers {
  GPT2("gpt-2"),
  SMOLLM("smollm"),
  LLAMA3("llama-bpe"),
  QWEN2("qwen2");

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";

  private final String ggufName;

  PreTokenizers(String ggufName) {
    this.ggufName = ggufName;
  }

  /** The set that {@code tokenizer.ggml.pre} names. */
  static Optional<PreTokenizers> of(String ggufName) {
    for (PreTokenizers set : values()) {
      if (set.ggufName.equals(ggufName)) {
        return Optional.of(set);
      }
    }
    return Optional.empty();
  }

  /** All names, for error messages. */
  static String names() {
    return String.join(", ", List.of(values()).stream().map(set -> set.ggufName).toList());
  }

  /** The value of {@code pre_tokenizer}. */
  Map<String, Object> preTokenizer() {
    return switch (this) {
      case GPT2 -> byteLevel(true);
      case SMOLLM ->
          sequence(ordered("type", "Digits", "individual_digits", true), byteLevel(true));
      case LLAMA3 ->
          sequence(split(CONTRACTIONS + WORDS + "|\\p{N}{1,3}" + REST), byteLevel(false));
      case QWEN2 -> sequence(split(CONTRACTIONS + WORDS + "|\\p{N}" + REST), byteLevel(false));
    };
  }

  /** The value of {@code normalizer}. */
  Optional<Map<String, Object>> normalizer() {
    return this == QWEN2 ? Optional.of(ordered("type", "NFC")) : Optional.empty();
  }

  /** Whether a word that is in the vocabulary is taken whole, before any merge. */
  boolean ignoresMerges() {
    return this == LLAMA3;
  }

  /** Whether a BOS token is put first when the file does not say. */
  boolean addsBosByDefault() {
    return this == LLAMA3;
  }

  /** The value of {@code decoder}. */
  static Map<String, Object> decoder() {
    return byteLevel(true);
  }

  private static Map<String, Object> byteLevel(boolean regex) {
    return ordered(
        "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", regex);
  }

  private static Map<String, Object> split(String regex) {
    return ordered(
        "type",
        "Split",
        "pattern",
        ordered("Regex", regex),
        "behavior",
        "Isolated",
        "invert",
        false);
  }

  private static Map<String, Object> sequence(
      Map<String, Object> first, Map<String, Object> second) {
    return ordered("type", "Sequence", "pretokenizers", List.of(first, second));
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
