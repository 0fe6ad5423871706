package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.ErrorText;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shapes of tokenizer.json under which the native library is known to end the process.
 *
 * <p>A panic inside the library cannot become an exception: it crosses JNI, where Rust aborts. So
 * each component is looked at before the file is handed over, and only known types pass. A fault is
 * an {@link IllegalArgumentException} whose message names the field.
 */
final class ComponentShapes {

  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "normalizer",
          Set.of(
              "BertNormalizer",
              "Strip",
              "StripAccents",
              "NFC",
              "NFD",
              "NFKC",
              "NFKD",
              "Lowercase",
              "Nmt",
              "Precompiled",
              "Replace",
              "Prepend",
              "ByteLevel"),
          "pre_tokenizer",
          Set.of(
              "BertPreTokenizer",
              "ByteLevel",
              "CharDelimiterSplit",
              "Metaspace",
              "Whitespace",
              "Split",
              "Punctuation",
              "WhitespaceSplit",
              "Digits",
              "UnicodeScripts"),
          "decoder",
          Set.of(
              "BPEDecoder",
              "ByteLevel",
              "WordPiece",
              "Metaspace",
              "CTC",
              "Replace",
              "Fuse",
              "Strip",
              "ByteFallback"),
          "post_processor",
          Set.of("RobertaProcessing", "BertProcessing", "ByteLevel", "TemplateProcessing"));

  private static final List<String> CHILDREN =
      List.of("normalizers", "pretokenizers", "decoders", "processors");
  private static final int MAX_DEPTH = 16;

  /** How many times longer a text may become: the library allocates without asking. */
  private static final int MAX_GROWTH = 256;

  private int growth = 1;

  private ComponentShapes() {}

  /**
   * Refuses a file that the library would not survive.
   *
   * @throws IllegalArgumentException naming the field and what is wrong with it
   */
  static void check(JsonNode root) {
    ComponentShapes shapes = new ComponentShapes();
    for (String kind : TYPES.keySet().stream().sorted().toList()) {
      shapes.component(kind, kind, root.path(kind), 0);
    }
    model(root.path("model"));
  }

  private void component(String kind, String field, JsonNode node, int depth) {
    if (node.isMissingNode() || node.isNull()) {
      return;
    }
    String type = node.path("type").asText();
    if (type.equals("Sequence")) {
      sequence(kind, field, node, depth);
      return;
    }
    require(TYPES.get(kind).contains(type), field, "type " + quoted(type) + " is not known");
    switch (kind) {
      case "normalizer" -> normalizer(field, type, node);
      case "decoder" -> decoder(field, type, node);
      case "pre_tokenizer" -> {
        if (type.equals("Split")) {
          pattern(field, node.path("pattern"));
        }
      }
      default -> {
        if (type.equals("TemplateProcessing")) {
          template(field, node);
        }
      }
    }
  }

  private void sequence(String kind, String field, JsonNode node, int depth) {
    require(depth < MAX_DEPTH, field, "sequences are nested more than 16 deep");
    for (String name : CHILDREN) {
      int index = 0;
      for (JsonNode child : node.path(name)) {
        component(kind, field + "." + name + "[" + index + "]", child, depth + 1);
        index++;
      }
    }
  }

  private void normalizer(String field, String type, JsonNode node) {
    switch (type) {
      case "Replace" -> {
        int narrowest = pattern(field, node.path("pattern"));
        require(narrowest > 0, field, "the pattern matches an empty text");
        grow(field, node.path("content"));
      }
      case "Prepend" -> {
        require(!node.path("prepend").asText().isEmpty(), field, "prepend is empty");
        grow(field, node.path("prepend"));
      }
      case "Precompiled" -> CharsMap.check(field, node.path("precompiled_charsmap"));
      default -> {
        // The others have no parameters that text depends on.
      }
    }
  }

  private void grow(String field, JsonNode content) {
    long length = Math.max(1, content.asText().getBytes(StandardCharsets.UTF_8).length);
    growth = (int) Math.min(MAX_GROWTH + 1L, growth * length);
    require(growth <= MAX_GROWTH, field, "a text would grow more than 256 times");
  }

  private static void decoder(String field, String type, JsonNode node) {
    if (type.equals("Strip")) {
      require(node.path("stop").asLong(-1) == 0, field, "stop is not 0");
    } else if (type.equals("Replace")) {
      pattern(field, node.path("pattern"));
    }
  }

  /** The fewest characters that the pattern takes. */
  private static int pattern(String field, JsonNode pattern) {
    if (pattern.path("Regex").isTextual()) {
      try {
        return PatternShape.narrowest(pattern.path("Regex").asText());
      } catch (IllegalArgumentException e) {
        throw fault(field, "the pattern " + e.getMessage());
      }
    }
    return pattern.path("String").asText().length();
  }

  private static void template(String field, JsonNode node) {
    Set<String> known = new HashSet<>();
    node.path("special_tokens").fieldNames().forEachRemaining(known::add);
    for (String form : List.of("single", "pair")) {
      for (JsonNode piece : node.path(form)) {
        String special = piece.path("SpecialToken").path("id").asText();
        require(
            piece.path("SpecialToken").isMissingNode() || known.contains(special),
            field + "." + form,
            quoted(special) + " is not among special_tokens");
        require(
            form.equals("pair") || !piece.path("Sequence").path("id").asText().equals("B"),
            field + "." + form,
            "it names a second text");
      }
    }
  }

  private static void model(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String right =
          merge.isArray()
              ? merge.path(1).asText()
              : merge.asText().substring(merge.asText().indexOf(' ') + 1);
      require(
          right.startsWith(prefix),
          "model.merges",
          quoted(right) + " does not begin with continuing_subword_prefix " + quoted(prefix));
    }
  }

  private static String quoted(String text) {
    String shown = text.codePointCount(0, text.length()) <= 40 ? text : text.substring(0, 40);
    return '"' + ErrorText.oneLine(shown) + '"';
  }

  private static void require(boolean holds, String field, String fault) {
    if (!holds) {
      throw fault(field, fault);
    }
  }

  static IllegalArgumentException fault(String field, String fault) {
    return new IllegalArgumentException(field + ": " + fault);
  }
}
