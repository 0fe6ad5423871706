package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import java.util.Optional;
import java.util.Set;

/**
 * What transformers' AutoTokenizer makes of a tokenizer.json whose class it writes anew: only
 * vocabulary and merges are taken from the file. Leading spaces then count once, and text after a
 * special token follows {@code legacy}.
 */
final class RebuiltTokenizer {

  private RebuiltTokenizer() {}

  /**
   * The text of the tokenizer.json as rebuilt, empty where the file stays as it is.
   *
   * @param classes names of the tokenizers that are
   */
  static Optional<String> json(
      CheckpointDirectory directory, TokenizerFile file, Set<String> classes) {
    JsonNode root = TokenizerFile.tree(file.json());
    return directory
        .find("tokenizer_config.json")
        .flatMap(ChatTemplateReader::json)
        .filter(config -> classes.contains(config.path("tokenizer_class").asText()))
        .filter(config -> root.path("model").path("type").asText().equals("BPE"))
        .filter(config -> file.decoder() != TokenizerFile.Decoder.BYTE_LEVEL)
        .map(config -> rebuilt((ObjectNode) root, config));
  }

  private static String rebuilt(ObjectNode root, JsonNode config) {
    boolean prefix = config.path("add_prefix_space").asBoolean(true);
    String scheme = config.path("legacy").asBoolean(false) ? "always" : "first";
    root.putNull("normalizer");
    root.putObject("pre_tokenizer")
        .put("type", "Metaspace")
        .put("replacement", "\u2581")
        .put("prepend_scheme", prefix ? scheme : "never")
        .put("split", false);
    root.set("decoder", SentencePieceFile.decoder(prefix));
    ((ObjectNode) root.path("model")).put("fuse_unk", true).put("byte_fallback", true);
    return root.toString();
  }
}
