package dev.hbar.model.convert;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The config.json of a converted Llama checkpoint. */
final class LlamaConfig {

  /** Of all packings. */
  static final int GROUP_SIZE = 32;

  private LlamaConfig() {}

  /**
   * The fields, in Hugging Face's names.
   *
   * @param further what only this architecture says
   * @param specialTokens name such as {@code eos_token_id} to id or ids
   */
  static Map<String, Object> fields(
      LlamaKeys keys,
      TensorPlan plan,
      Optional<Map<String, Object>> ropeScaling,
      Map<String, Object> further,
      Map<String, Object> specialTokens) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("architectures", List.of(keys.architecture().className()));
    fields.put("model_type", keys.architecture().modelType());
    fields.put("hidden_size", keys.hiddenSize());
    fields.put("num_hidden_layers", keys.layers());
    fields.put("intermediate_size", keys.intermediateSize());
    fields.put("num_attention_heads", keys.heads());
    fields.put("num_key_value_heads", keys.kvHeads());
    fields.put("head_dim", keys.headDim());
    fields.put("rms_norm_eps", keys.rmsNormEps());
    fields.put("rope_theta", keys.ropeTheta());
    fields.put("rope_scaling", ropeScaling.orElse(null));
    fields.put("vocab_size", plan.vocabularySize());
    fields.put("max_position_embeddings", keys.contextLength());
    fields.put("hidden_act", "silu");
    fields.put("attention_bias", plan.hasBias("attn_q", "attn_k", "attn_v", "attn_output"));
    fields.put("mlp_bias", plan.hasBias("ffn_gate", "ffn_up", "ffn_down"));
    fields.put("tie_word_embeddings", plan.isTied());
    fields.putAll(further);
    fields.putAll(specialTokens);
    fields.put("torch_dtype", dtype(plan.matrices()));
    quantization(plan.matrices())
        .ifPresent(
            quantization -> {
              fields.put("quantization", quantization);
              fields.put("quantization_config", quantization);
            });
    return fields;
  }

  /** The type most matrices compute in; scales of packed ones are float16. */
  private static String dtype(Map<String, GgmlType> matrices) {
    Map<GgmlType, Integer> counts = counts(matrices);
    int full = counts.getOrDefault(GgmlType.F32, 0);
    int brain = counts.getOrDefault(GgmlType.BF16, 0);
    int half = matrices.size() - full - brain;
    if (half >= full && half >= brain) {
      return "float16";
    }
    return full >= brain ? "float32" : "bfloat16";
  }

  /**
   * The commonest number of bits is the default; every module that differs gets an entry under its
   * path.
   */
  private static Optional<Map<String, Object>> quantization(Map<String, GgmlType> matrices) {
    Map<Integer, Integer> widths = new TreeMap<>();
    matrices.values().stream()
        .filter(GgmlType::isPacked)
        .forEach(type -> widths.merge(type.bits(), 1, Integer::sum));
    if (widths.isEmpty()) {
      return Optional.empty();
    }
    int bits = Collections.max(widths.entrySet(), Map.Entry.comparingByValue()).getKey();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("group_size", GROUP_SIZE);
    fields.put("bits", bits);
    fields.put("mode", "affine");
    matrices.forEach(
        (path, type) -> {
          if (!type.isPacked()) {
            fields.put(path, false);
          } else if (type.bits() != bits) {
            Map<String, Object> override = new LinkedHashMap<>();
            override.put("group_size", GROUP_SIZE);
            override.put("bits", type.bits());
            fields.put(path, override);
          }
        });
    return Optional.of(fields);
  }

  private static Map<GgmlType, Integer> counts(Map<String, GgmlType> matrices) {
    Map<GgmlType, Integer> counts = new EnumMap<>(GgmlType.class);
    matrices.values().forEach(type -> counts.merge(type, 1, Integer::sum));
    return counts;
  }
}
