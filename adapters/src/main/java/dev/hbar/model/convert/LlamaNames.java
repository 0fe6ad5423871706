package dev.hbar.model.convert;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tensor names of the llama architecture in GGUF, and what the checkpoint calls them. */
final class LlamaNames {

  /** Factors on the rotary frequencies: no tensor of the checkpoint, see {@link RopeScaling}. */
  static final String ROPE_FACTORS = "rope_freqs.weight";

  /** The same by the length of the text. */
  static final String SHORT_FACTORS = "rope_factors_short.weight";

  static final String LONG_FACTORS = "rope_factors_long.weight";

  /** What becomes no tensor. */
  static final Set<String> FACTORS = Set.of(ROPE_FACTORS, SHORT_FACTORS, LONG_FACTORS);

  static final String EMBEDDING = "token_embd.weight";
  static final String HEAD = "output.weight";

  /** Parts of a block that every model has; with ".weight" each. */
  static final Map<String, String> BLOCK_PARTS =
      Map.of(
          "attn_norm", "input_layernorm",
          "ffn_norm", "post_attention_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private static final Pattern BLOCK =
      Pattern.compile("blk\\.(0|[1-9][0-9]{0,4})\\.([a-z_]+)\\.(weight|bias)");

  private LlamaNames() {}

  /**
   * The path of a module in the checkpoint and what of it a tensor holds.
   *
   * @param path such as {@code model.layers.3.self_attn.q_proj}
   * @param suffix {@code weight} or {@code bias}
   */
  record Target(String path, String suffix) {

    String name() {
      return path + "." + suffix;
    }

    boolean isQuery() {
      return path.endsWith(".q_proj");
    }

    boolean isKey() {
      return path.endsWith(".k_proj");
    }
  }

  /** Where a tensor goes, or empty for a name that the architecture does not have. */
  static Optional<Target> target(String ggufName, LlamaKeys keys) {
    switch (ggufName) {
      case EMBEDDING:
        return Optional.of(new Target("model.embed_tokens", "weight"));
      case "output_norm.weight":
        return Optional.of(new Target("model.norm", "weight"));
      case HEAD:
        return Optional.of(new Target("lm_head", "weight"));
      default:
        return blockTarget(ggufName, keys);
    }
  }

  private static Optional<Target> blockTarget(String ggufName, LlamaKeys keys) {
    Matcher block = BLOCK.matcher(ggufName);
    if (!block.matches() || Integer.parseInt(block.group(1)) >= keys.layers()) {
      return Optional.empty();
    }
    boolean biasOfNorm = block.group(3).equals("bias") && block.group(2).endsWith("_norm");
    return Optional.ofNullable(biasOfNorm ? null : keys.architecture().parts().get(block.group(2)))
        .map(
            part ->
                new Target("model.layers.%s.%s".formatted(block.group(1), part), block.group(3)));
  }
}
