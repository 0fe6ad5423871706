package dev.hbar.model.convert;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The architectures of GGUF that are converted, and how each differs from llama. */
enum GgufArchitecture {
  /** Llama and Mistral. */
  LLAMA("llama", "LlamaForCausalLM", true),
  QWEN2("qwen2", "Qwen2ForCausalLM", false),
  QWEN3("qwen3", "Qwen3ForCausalLM", false),
  /** Every fourth layer is without rope, in the file as in the config. */
  SMOLLM3("smollm3", "SmolLM3ForCausalLM", true),
  GRANITE("granite", "GraniteForCausalLM", true),
  /** Queries, keys and values in one matrix, gates and up in another. */
  PHI3("phi3", "Phi3ForCausalLM", false),
  /** Its norms are stored with the 1 that the model adds. */
  GEMMA("gemma", "GemmaForCausalLM", false);

  private static final Map<String, String> HEAD_NORMS =
      Map.of("attn_q_norm", "self_attn.q_norm", "attn_k_norm", "self_attn.k_norm");

  /** Keys of Granite, and their names in config.json. */
  private static final Map<String, String> MULTIPLIERS =
      Map.of(
          "attention.scale", "attention_multiplier",
          "embedding_scale", "embedding_multiplier",
          "residual_scale", "residual_multiplier",
          "logit_scale", "logits_scaling");

  private static final Map<String, String> FUSED =
      Map.of(
          "attn_norm", "input_layernorm",
          "ffn_norm", "post_attention_layernorm",
          "attn_qkv", "self_attn.qkv_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_up", "mlp.gate_up_proj",
          "ffn_down", "mlp.down_proj");

  private static final String WINDOW = "attention.sliding_window";

  private static final Set<String> YARN =
      Set.of(
          "rope.scaling.attn_factor", "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow");

  private final String id;
  private final String className;
  private final boolean turnsNeighbours;

  GgufArchitecture(String id, String className, boolean turnsNeighbours) {
    this.id = id;
    this.className = className;
    this.turnsNeighbours = turnsNeighbours;
  }

  static Optional<GgufArchitecture> of(String name) {
    return Arrays.stream(values()).filter(known -> known.id.equals(name)).findFirst();
  }

  /** All names, for error messages. */
  static String names() {
    return Arrays.stream(values()).map(known -> known.id).collect(Collectors.joining(", "));
  }

  /** Its name in GGUF, and the model_type of config.json. */
  String id() {
    return id;
  }

  /** The class that config.json names. */
  String className() {
    return className;
  }

  /** What its keys begin with. */
  String prefix() {
    return id + ".";
  }

  /** Whether rows of queries and keys are stored so that those which turn together alternate. */
  boolean turnsNeighbours() {
    return turnsNeighbours;
  }

  /** Whether positions may be scaled by YaRN. */
  boolean scalesByYarn() {
    return this == QWEN2 || this == QWEN3;
  }

  /** Whether a key that llama does not have is understood. */
  boolean knows(String key) {
    return switch (this) {
      case GRANITE -> MULTIPLIERS.containsKey(key);
      case QWEN2, QWEN3 -> YARN.contains(key);
      // The attention factor follows from the lengths.
      case PHI3 -> key.equals(WINDOW) || key.equals("rope.scaling.attn_factor");
      default -> false;
    };
  }

  /** Whether a part of each head may be without rope. */
  boolean turnsParts() {
    return this == PHI3;
  }

  /** Whether norms hold 1 more than the checkpoint's do. */
  boolean addsOneToNorms() {
    return this == GEMMA;
  }

  /** The parts of a block: name in GGUF to path in the checkpoint. */
  Map<String, String> parts() {
    if (this == PHI3) {
      return FUSED;
    }
    if (this != QWEN3) {
      return LlamaNames.BLOCK_PARTS;
    }
    Map<String, String> parts = new HashMap<>(LlamaNames.BLOCK_PARTS);
    parts.putAll(HEAD_NORMS);
    return parts;
  }

  /** What config.json says beside the fields of all. */
  Map<String, Object> fields(GgufMetadata metadata) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (this == QWEN2 || this == QWEN3) {
      fields.put("use_sliding_window", false);
    }
    if (this == PHI3) {
      metadata.integer(prefix() + WINDOW).ifPresent(size -> fields.put("sliding_window", size));
      metadata
          .integer(prefix() + "rope.scaling.original_context_length")
          .ifPresent(length -> fields.put("original_max_position_embeddings", length));
    }
    if (this == GEMMA) {
      fields.put("hidden_act", "gelu_pytorch_tanh");
      fields.put("hidden_activation", "gelu_pytorch_tanh");
    }
    if (this == GRANITE) {
      MULTIPLIERS.forEach(
          (key, field) ->
              metadata
                  .number(prefix() + key)
                  .ifPresent(value -> fields.put(field, LlamaKeys.exactDecimal(value))));
    }
    return fields;
  }
}
