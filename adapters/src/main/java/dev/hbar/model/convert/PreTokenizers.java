package dev.hbar.model.convert;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of tokenizer.json that a GGUF file only names, as the models' own published files have
 * them.
 */
enum PreTokenizers {
  GPT2("gpt-2", "phi-2", "default"),
  /** Each digit on its own. */
  SMOLLM("smollm", "starcoder", "refact", "command-r"),
  LLAMA3("llama-bpe", "llama3", "llama-v3", "falcon3", "dbrx", "smaug-bpe"),
  QWEN2("qwen2", "deepseek-r1-qwen", "megrez"),
  /** Mistral Nemo and later. */
  TEKKEN("tekken"),
  GPT4O("gpt-4o", "llama4");

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";

  private static final String CASED =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]%s[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]%s";

  private static final String CASED_REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final List<String> ggufNames;

  PreTokenizers(String... ggufNames) {
    this.ggufNames = List.of(ggufNames);
  }

  /** The set that {@code tokenizer.ggml.pre} names. */
  static Optional<PreTokenizers> of(String ggufName) {
    for (PreTokenizers set : values()) {
      if (set.ggufNames.contains(ggufName)) {
        return Optional.of(set);
      }
    }
    return Optional.empty();
  }

  /** All names, for error messages. */
  static String names() {
    return String.join(
        ", ", Arrays.stream(values()).flatMap(set -> set.ggufNames.stream()).toList());
  }

  /** The value of {@code pre_tokenizer}. */
  Map<String, Object> preTokenizer() {
    return switch (this) {
      case GPT2 -> byteLevel(true);
      case SMOLLM ->
          sequence(ordered("type", "Digits", "individual_digits", true), byteLevel(true));
      case LLAMA3 ->
          sequence(split(CONTRACTIONS + WORDS + "|\\p{N}{1,3}" + REST), byteLevel(false));
      case TEKKEN ->
          sequence(
              split(
                  CASED.formatted("*", "+")
                      + "|"
                      + CASED.formatted("+", "*")
                      + "|\\p{N}"
                      + CASED_REST),
              byteLevel(false));
      case GPT4O ->
          sequence(
              split(
                  CASED.formatted("*", "+")
                      + CONTRACTIONS
                      + "?|"
                      + CASED.formatted("+", "*")
                      + CONTRACTIONS
                      + "?|\\p{N}{1,3}"
                      + CASED_REST),
              byteLevel(false));
      case QWEN2 -> sequence(split(CONTRACTIONS + WORDS + "|\\p{N}" + REST), byteLevel(false));
    };
  }

  /** The value of {@code normalizer}. */
  Optional<Map<String, Object>> normalizer() {
    return this == QWEN2 ? Optional.of(ordered("type", "NFC")) : Optional.empty();
  }

  /** Whether a word that is in the vocabulary is taken whole, before any merge. */
  boolean ignoresMerges() {
    return this == LLAMA3 || this == TEKKEN;
  }

  /** Whether a BOS token is put first when the file does not say. */
  boolean addsBosByDefault() {
    return this == LLAMA3 || this == TEKKEN;
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
