package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.tokenizer.PieceVocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer inside a GGUF file, checked.
 *
 * @param set what {@code tokenizer.ggml.pre} names; empty with pieces of SentencePiece
 * @param pieces those of SentencePiece
 * @param ids piece to id, in the order of ids
 * @param merges pairs of pieces, the first merged first
 * @param control ids of special tokens
 * @param userDefined ids of added tokens that are ordinary text
 * @param specialTokens {@code bos}, {@code eos}, {@code unk}, {@code pad}, {@code eot}, {@code eom}
 *     to their ids, as far as given
 * @param addBos whether a BOS token is put first
 * @param addEos whether an EOS token is put last
 * @param chatTemplate the Jinja program
 */
record GgufTokenizer(
    Optional<PreTokenizers> set,
    Optional<PieceVocabulary> pieces,
    Map<String, Integer> ids,
    List<List<String>> merges,
    List<Integer> control,
    List<Integer> userDefined,
    Map<String, Integer> specialTokens,
    boolean addBos,
    boolean addEos,
    Optional<String> chatTemplate) {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final String TOKENS = PREFIX + "tokens";
  private static final String TYPES = PREFIX + "token_type";
  private static final String SCORES = PREFIX + "scores";
  private static final String MERGES = PREFIX + "merges";
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /**
   * Reads it.
   *
   * @param vocabularySize rows of the embedding: no id may lie beyond
   * @throws CheckpointException naming the key that is missing, wrong or not supported
   */
  static GgufTokenizer read(GgufMetadata metadata, int vocabularySize) {
    Optional<PreTokenizers> set = set(metadata);
    List<String> tokens = metadata.texts(TOKENS).orElseThrow(() -> metadata.missing(TOKENS));
    if (tokens.isEmpty() || tokens.size() > vocabularySize) {
      throw metadata.fault(
          TOKENS,
          "%s tokens for %s rows of the embedding".formatted(tokens.size(), vocabularySize));
    }
    Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(tokens.size());
    for (String token : tokens) {
      if (ids.putIfAbsent(token, ids.size()) != null) {
        throw metadata.fault(TOKENS, "two tokens are " + ErrorText.quoted(token));
      }
    }
    List<Long> types = metadata.integers(TYPES).orElseThrow(() -> metadata.missing(TYPES));
    if (types.size() != tokens.size()) {
      throw metadata.fault(TYPES, "%s types for %s tokens".formatted(types.size(), tokens.size()));
    }
    Map<String, Integer> special = specialTokens(metadata, tokens.size());
    boolean addBos =
        adds(metadata, "bos", special, set.map(PreTokenizers::addsBosByDefault).orElse(true));
    boolean addEos = adds(metadata, "eos", special, false);
    return new GgufTokenizer(
        set,
        set.isPresent()
            ? Optional.empty()
            : Optional.of(pieces(metadata, tokens, types, special, addBos, addEos)),
        ids,
        set.isPresent() ? merges(metadata, ids) : List.of(),
        ofType(types, CONTROL),
        ofType(types, USER_DEFINED),
        special,
        addBos,
        addEos,
        metadata.text("tokenizer.chat_template"));
  }

  private static PieceVocabulary pieces(
      GgufMetadata metadata,
      List<String> tokens,
      List<Long> types,
      Map<String, Integer> special,
      boolean addBos,
      boolean addEos) {
    List<Double> scores = metadata.numbers(SCORES).orElseThrow(() -> metadata.missing(SCORES));
    if (scores.size() != tokens.size()) {
      throw metadata.fault(
          SCORES, "%s scores for %s tokens".formatted(scores.size(), tokens.size()));
    }
    for (long type : types) {
      if (type < 1 || type > 6) {
        throw metadata.fault(TYPES, "type " + type + " is not known");
      }
    }
    boolean spacePrefix = metadata.flag(PREFIX + "add_space_prefix").orElse(true);
    return new PieceVocabulary(
        tokens,
        scores,
        types.stream().map(Long::intValue).toList(),
        special,
        spacePrefix,
        addBos,
        addEos);
  }

  private static Optional<PreTokenizers> set(GgufMetadata metadata) {
    String model = metadata.requiredText(PREFIX + "model");
    if (model.equals("llama")) {
      return Optional.empty();
    }
    if (!model.equals("gpt2")) {
      throw metadata.fault(
          PREFIX + "model",
          "is %s, supported are gpt2 (byte-level BPE) and llama (SentencePiece)"
              .formatted(ErrorText.quoted(model)));
    }
    String name = metadata.requiredText(PREFIX + "pre");
    Optional<PreTokenizers> set = PreTokenizers.of(name);
    if (set.isEmpty()) {
      throw metadata.fault(
          PREFIX + "pre",
          "is %s, known are %s".formatted(ErrorText.quoted(name), PreTokenizers.names()));
    }
    return set;
  }

  private static List<List<String>> merges(GgufMetadata metadata, Map<String, Integer> ids) {
    List<List<String>> merges = new ArrayList<>();
    for (String merge : metadata.texts(MERGES).orElseThrow(() -> metadata.missing(MERGES))) {
      int space = merge.indexOf(' ');
      String left = merge.substring(0, Math.max(space, 0));
      String right = merge.substring(space + 1);
      // The tokenizers library refuses a merge whose pieces it does not know, without naming it.
      if (space <= 0
          || !ids.containsKey(left)
          || !ids.containsKey(right)
          || !ids.containsKey(left + right)) {
        throw metadata.fault(
            MERGES,
            "merge %s is not of two tokens into a third".formatted(ErrorText.quoted(merge)));
      }
      merges.add(List.of(left, right));
    }
    return merges;
  }

  private static List<Integer> ofType(List<Long> types, int wanted) {
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < types.size(); id++) {
      if (types.get(id) == wanted) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static Map<String, Integer> specialTokens(GgufMetadata metadata, int tokens) {
    Map<String, Integer> special = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    names.put("bos", "bos");
    names.put("eos", "eos");
    names.put("unk", "unknown");
    names.put("pad", "padding");
    names.put("eot", "eot");
    names.put("eom", "eom");
    names.forEach(
        (name, ggufName) -> {
          String key = PREFIX + ggufName + "_token_id";
          metadata
              .integer(key)
              .ifPresent(
                  id -> {
                    if (id >= tokens) {
                      throw metadata.fault(
                          key, "is %s, beyond the %s tokens".formatted(id, tokens));
                    }
                    special.put(name, id);
                  });
        });
    return special;
  }

  private static boolean adds(
      GgufMetadata metadata, String name, Map<String, Integer> special, boolean otherwise) {
    String key = PREFIX + "add_" + name + "_token";
    boolean adds = metadata.flag(key).orElse(otherwise);
    if (adds && !special.containsKey(name)) {
      throw metadata.fault(key, "asks for a token that the file does not name");
    }
    return adds;
  }

  /** The id of one of the special tokens. */
  OptionalInt special(String name) {
    Integer id = specialTokens.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
