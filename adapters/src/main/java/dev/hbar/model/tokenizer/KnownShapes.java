package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The shapes of tokenizer.json that published checkpoints have, and over which the native library
 * has never ended the process. Only these may be handed to it in this process.
 *
 * <p>Narrower than {@link ComponentShapes}, which refuses what is known to be bad: here a shape
 * that nobody has looked at is not known.
 */
final class KnownShapes {

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String BLANKS = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + BLANKS;
  private static final String WORDS = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String LOWER =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+";
  private static final String UPPER =
      "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*";
  private static final String CASED_REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + BLANKS;

  /** Of GPT-2, Llama 3, Qwen 2, Qwen 3.5, Mistral Nemo and GPT-4o. */
  static final List<String> PATTERNS =
      List.of(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          WORDS + "|\\p{N}{1,3}" + REST,
          WORDS + "|\\p{N}" + REST,
          CONTRACTIONS
              + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
              + BLANKS,
          LOWER + UPPER + "|\\p{N}" + CASED_REST,
          LOWER + CONTRACTIONS + "?" + UPPER + CONTRACTIONS + "?|\\p{N}{1,3}" + CASED_REST);

  /** The longest text that replaces another, in bytes: U+2581 has three. */
  private static final int LONGEST_CONTENT = 4;

  private KnownShapes() {}

  /**
   * Whether every part of the file is of a known shape.
   *
   * @param root a file that {@link ComponentShapes} has let pass
   */
  static boolean of(JsonNode root) {
    return hasPlainValues(root)
        && model(root.path("model"))
        && component("normalizers", root.path("normalizer"))
        && component("pretokenizers", root.path("pre_tokenizer"))
        && component("decoders", root.path("decoder"))
        && component("processors", root.path("post_processor"));
  }

  /** Numbers are whole and small, or the library's readers of alternatives give up. */
  private static boolean hasPlainValues(JsonNode node) {
    if (node.isNumber()) {
      return node.isInt() && node.asInt() >= 0;
    }
    for (JsonNode child : node) {
      if (!hasPlainValues(child)) {
        return false;
      }
    }
    return true;
  }

  private static boolean model(JsonNode model) {
    JsonNode unknown = model.path("unk_token");
    return model.path("type").asText().equals("BPE")
        && List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix").stream()
            .map(model::path)
            .allMatch(part -> absent(part) || part.asText("-").isEmpty())
        && (absent(unknown) || model.path("vocab").has(unknown.asText()));
  }

  private static boolean component(String kind, JsonNode node) {
    if (absent(node)) {
      return true;
    }
    String type = node.path("type").asText();
    if (type.equals("Sequence")) {
      for (JsonNode child : node.path(kind)) {
        if (!component(kind, child)) {
          return false;
        }
      }
      return node.path(kind).isArray();
    }
    return switch (kind) {
      case "normalizers" -> normalizer(type, node);
      case "pretokenizers" -> preTokenizer(type, node);
      case "decoders" -> decoder(type, node);
      default -> Set.of("ByteLevel", "TemplateProcessing").contains(type);
    };
  }

  private static boolean normalizer(String type, JsonNode node) {
    return switch (type) {
      case "NFC", "NFD", "NFKC", "NFKD", "Lowercase" -> true;
      case "Prepend" -> isShort(node.path("prepend"));
      case "Replace" -> isText(node.path("pattern")) && isShort(node.path("content"));
      default -> false;
    };
  }

  private static boolean preTokenizer(String type, JsonNode node) {
    return switch (type) {
      case "ByteLevel", "Digits", "Metaspace" -> true;
      case "Split" ->
          isText(node.path("pattern"))
              || PATTERNS.contains(node.path("pattern").path("Regex").asText());
      default -> false;
    };
  }

  private static boolean decoder(String type, JsonNode node) {
    return switch (type) {
      case "ByteLevel", "ByteFallback", "Fuse", "Metaspace" -> true;
      case "Replace" -> isText(node.path("pattern")) && isShort(node.path("content"));
      case "Strip" -> node.path("stop").asInt(-1) == 0;
      default -> false;
    };
  }

  private static boolean isText(JsonNode pattern) {
    return !pattern.path("String").asText().isEmpty() && pattern.path("Regex").isMissingNode();
  }

  private static boolean isShort(JsonNode content) {
    return content.isTextual()
        && content.asText().getBytes(StandardCharsets.UTF_8).length <= LONGEST_CONTENT;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
