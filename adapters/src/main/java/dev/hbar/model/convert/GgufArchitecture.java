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
  GEMMA("gemma", "GemmaForCausalLM", false),
  GEMMA2("gemma2", "Gemma2ForCausalLM", false),
  /** The text of Gemma 3; ropes and the pattern of windows are the same in all sizes. */
  GEMMA3("gemma3", "Gemma3ForCausalLM", false);

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

  /** With four norms around the halves of a block. */
  private static final Map<String, String> FOUR_NORMS =
      Map.of(
          "post_attention_norm", "post_attention_layernorm",
          "ffn_norm", "pre_feedforward_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  /** Caps of Gemma, and their names in config.json. */
  private static final Map<String, String> CAPS =
      Map.of(
          "attn_logit_softcapping", "attn_logit_softcapping",
          "final_logit_softcapping", "final_logit_softcapping");

  /** Layers of the 27B models, whose queries are scaled by another width than a head's. */
  private static final Map<GgufArchitecture, Integer> LARGEST = Map.of(GEMMA2, 46, GEMMA3, 62);

  private static final String GELU = "gelu_pytorch_tanh";
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

  /** Its name in GGUF. */
  String id() {
    return id;
  }

  /** The model_type of config.json. */
  String modelType() {
    return this == GEMMA3 ? "gemma3_text" : id;
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
      case GEMMA2, GEMMA3 -> key.equals(WINDOW) || CAPS.containsKey(key);
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
    return this == GEMMA || hasFourNorms();
  }

  private boolean hasFourNorms() {
    return this == GEMMA2 || this == GEMMA3;
  }

  /** The base of the rotary frequencies where the file names none. */
  double usualTheta() {
    return this == GEMMA3 ? 1_000_000 : 10_000;
  }

  /** The parts of a block: name in GGUF to path in the checkpoint. */
  Map<String, String> parts() {
    if (this == PHI3) {
      return FUSED;
    }
    Map<String, String> parts = new HashMap<>(LlamaNames.BLOCK_PARTS);
    if (hasFourNorms()) {
      parts.putAll(FOUR_NORMS);
    }
    if (this == QWEN3 || this == GEMMA3) {
      parts.putAll(HEAD_NORMS);
    }
    return parts;
  }

  /** What config.json says beside the fields of all. */
  Map<String, Object> fields(GgufMetadata metadata, LlamaKeys keys) {
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
    if (addsOneToNorms()) {
      fields.put("hidden_act", GELU);
      fields.put("hidden_activation", GELU);
    }
    if (hasFourNorms()) {
      fields.putAll(ofFourNorms(metadata, keys));
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

  /** As llama.cpp does, what the file does not say follows from the number of layers. */
  private Map<String, Object> ofFourNorms(GgufMetadata metadata, LlamaKeys keys) {
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean largest = keys.layers() == LARGEST.get(this);
    fields.put(
        "query_pre_attn_scalar", largest ? keys.hiddenSize() / keys.heads() : keys.headDim());
    CAPS.forEach(
        (key, field) ->
            metadata
                .number(prefix() + key)
                .ifPresent(value -> fields.put(field, LlamaKeys.exactDecimal(value))));
    metadata.integer(prefix() + WINDOW).ifPresent(size -> fields.put("sliding_window", size));
    if (this == GEMMA3) {
      fields.put("sliding_window_pattern", 6);
      fields.put("rope_local_base_freq", 10_000.0);
    }
    return fields;
  }
}
