package dev.hbar.model.convert;

import dev.hbar.model.tokenizer.PieceVocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * tokenizer.json, tokenizer_config.json and the token ids of the other files, out of a GGUF
 * tokenizer.
 */
final class TokenizerFiles {

  private final GgufTokenizer tokenizer;
  private final List<String> pieces;

  TokenizerFiles(GgufTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.pieces = List.copyOf(tokenizer.ids().keySet());
  }

  /** tokenizer.json, for the Hugging Face tokenizers library. */
  Map<String, Object> tokenizerJson() {
    return tokenizer.pieces().map(PieceVocabulary::tokenizerJson).orElseGet(this::byteLevelJson);
  }

  private Map<String, Object> byteLevelJson() {
    PreTokenizers set = tokenizer.set().orElseThrow();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", "1.0");
    fields.put("truncation", null);
    fields.put("padding", null);
    fields.put("added_tokens", addedTokens());
    fields.put("normalizer", set.normalizer().orElse(null));
    fields.put("pre_tokenizer", set.preTokenizer());
    fields.put("post_processor", postProcessor().orElse(null));
    fields.put("decoder", PreTokenizers.decoder());
    fields.put("model", model());
    return fields;
  }

  /** tokenizer_config.json, for transformers and for the chat template. */
  Map<String, Object> tokenizerConfig(int contextLength) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Map<String, Object> added = new LinkedHashMap<>();
    for (Map<String, Object> token : addedTokens()) {
      Map<String, Object> entry = new LinkedHashMap<>(token);
      added.put(String.valueOf(entry.remove("id")), entry);
    }
    fields.put("add_prefix_space", tokenizer.pieces().isPresent());
    fields.put("added_tokens_decoder", added);
    for (String name : List.of("bos", "eos", "unk", "pad")) {
      tokenizer.special(name).ifPresent(id -> fields.put(name + "_token", pieces.get(id)));
    }
    fields.put("clean_up_tokenization_spaces", false);
    fields.put("model_max_length", contextLength);
    fields.put("tokenizer_class", "PreTrainedTokenizerFast");
    tokenizer.chatTemplate().ifPresent(template -> fields.put("chat_template", template));
    return fields;
  }

  /**
   * {@code bos_token_id}, {@code eos_token_id} and {@code pad_token_id}, as far as given; the ends
   * of a turn and of a message end a text too.
   */
  Map<String, Object> tokenIds() {
    Map<String, Object> fields = new LinkedHashMap<>();
    tokenizer.special("bos").ifPresent(id -> fields.put("bos_token_id", id));
    List<Integer> ends =
        Stream.of("eos", "eot", "eom")
            .map(tokenizer::special)
            .flatMap(id -> id.stream().boxed())
            .distinct()
            .toList();
    if (!ends.isEmpty()) {
      fields.put("eos_token_id", ends.size() == 1 ? ends.getFirst() : ends);
    }
    tokenizer.special("pad").ifPresent(id -> fields.put("pad_token_id", id));
    return fields;
  }

  private List<Map<String, Object>> addedTokens() {
    Map<Integer, Boolean> special = new TreeMap<>();
    tokenizer.userDefined().forEach(id -> special.put(id, false));
    tokenizer.control().forEach(id -> special.put(id, true));
    List<Map<String, Object>> tokens = new ArrayList<>();
    special.forEach(
        (id, isSpecial) -> {
          Map<String, Object> token = new LinkedHashMap<>();
          token.put("id", id);
          token.put("content", pieces.get(id));
          token.put("single_word", false);
          token.put("lstrip", false);
          token.put("rstrip", false);
          token.put("normalized", false);
          token.put("special", isSpecial);
          tokens.add(token);
        });
    return tokens;
  }

  private Map<String, Object> model() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", tokenizer.set().orElseThrow().ignoresMerges());
    model.put("vocab", tokenizer.ids());
    model.put("merges", tokenizer.merges());
    return model;
  }

  /** Empty without BOS and EOS: the library then adds nothing. */
  private Optional<Map<String, Object>> postProcessor() {
    List<Object> single = new ArrayList<>();
    List<Object> pair = new ArrayList<>();
    Map<String, Object> special = new LinkedHashMap<>();
    if (tokenizer.addBos()) {
      special.put(pieceOf("bos"), specialToken("bos"));
      single.add(reference("bos"));
      pair.add(reference("bos"));
    }
    single.add(Map.of("Sequence", ordered("A")));
    pair.add(Map.of("Sequence", ordered("A")));
    pair.add(Map.of("Sequence", ordered("B")));
    if (tokenizer.addEos()) {
      special.put(pieceOf("eos"), specialToken("eos"));
      single.add(reference("eos"));
      pair.add(reference("eos"));
    }
    if (special.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> processor = new LinkedHashMap<>();
    processor.put("type", "TemplateProcessing");
    processor.put("single", single);
    processor.put("pair", pair);
    processor.put("special_tokens", special);
    return Optional.of(processor);
  }

  private String pieceOf(String name) {
    return pieces.get(tokenizer.special(name).orElseThrow());
  }

  private Map<String, Object> reference(String name) {
    return Map.of("SpecialToken", ordered(pieceOf(name)));
  }

  private static Map<String, Object> ordered(String id) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("type_id", 0);
    return fields;
  }

  private Map<String, Object> specialToken(String name) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", pieceOf(name));
    fields.put("ids", List.of(tokenizer.special(name).orElseThrow()));
    fields.put("tokens", List.of(pieceOf(name)));
    return fields;
  }
}
