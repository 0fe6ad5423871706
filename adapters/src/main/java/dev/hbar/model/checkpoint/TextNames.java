package dev.hbar.model.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which tensors of a checkpoint belong to its text model, and what a text checkpoint calls them.
 */
final class TextNames {
  private static final String MODEL = "model.";

  /** Where a model of several senses keeps the one for text. */
  private static final String TEXT = "language_model.";

  private static final String NEOX = "gpt_neox.";
  private static final Pattern NEOX_MASK = Pattern.compile("\\.attention\\.(masked_)?bias$");
  private static final String NEOX_HEAD = "embed_out.";
  private static final String LAYERS = "layers.";

  /** Parts for pictures and sound, and heads that predict further tokens. */
  private static final List<String> OTHER_PARTS =
      List.of(
          "vision_tower.",
          "vision_model.",
          "vision_embedder.",
          "vision_encoder.",
          "visual.",
          "multi_modal_projector.",
          "mm_projector.",
          "audio_tower.",
          "audio_model.",
          "embed_vision.",
          "embed_audio.",
          "mtp.",
          "mtp_layers.",
          "mtp_block.",
          "mtp_linear_proj.",
          "mtp_hidden_norm.",
          "mtp_emb_norm.");

  /** What an attention that turns by a table had stored of it. */
  private static final String TABLE = ".rotary_emb.";

  private TextNames() {}

  /** The name in a text checkpoint; empty for what is not part of the text model. */
  static Optional<String> of(String stored) {
    if (stored.startsWith(NEOX)) {
      return NEOX_MASK.matcher(stored).find() ? Optional.empty() : ofMlx(neoX(stored));
    }
    return ofMlx(stored.startsWith(NEOX_HEAD) ? MODEL + stored : stored);
  }

  /** What GPT-NeoX calls it in MLX's checkpoints. */
  private static String neoX(String stored) {
    String inner = without(stored, NEOX);
    return MODEL + (inner.startsWith(LAYERS) ? "h." + inner.substring(LAYERS.length()) : inner);
  }

  private static Optional<String> ofMlx(String stored) {
    String inner = without(stored, MODEL);
    if (inner.startsWith(TEXT)) {
      String own = inner.substring(TEXT.length());
      boolean whole =
          own.startsWith(MODEL) || own.startsWith("lm_head.") || own.startsWith("backbone.");
      return isOther(without(own, MODEL))
          ? Optional.empty()
          : Optional.of(whole ? own : MODEL + own);
    }
    return isOther(inner) ? Optional.empty() : Optional.of(stored);
  }

  private static boolean isOther(String inner) {
    return OTHER_PARTS.stream().anyMatch(inner::startsWith) || inner.contains(TABLE);
  }

  private static String without(String name, String prefix) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
