package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of a Llama model, read from GGUF metadata.
 *
 * @param architecture whose keys they are
 * @param layers blocks
 * @param hiddenSize width between blocks
 * @param intermediateSize width inside the MLP
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim rows of one head
 * @param contextLength longest context in tokens
 * @param ropeTheta base of the rotary frequencies
 * @param rmsNormEps epsilon of the norms
 */
record LlamaKeys(
    GgufArchitecture architecture,
    int layers,
    int hiddenSize,
    int intermediateSize,
    int heads,
    int kvHeads,
    int headDim,
    int contextLength,
    double ropeTheta,
    double rmsNormEps) {

  private static final int MAX_LAYERS = 10_000;

  /** Keys that are read or change nothing; any other might change the result, so it is refused. */
  private static final Set<String> KNOWN =
      Set.of(
          "block_count",
          "context_length",
          "embedding_length",
          "feed_forward_length",
          "attention.head_count",
          "attention.head_count_kv",
          "attention.layer_norm_rms_epsilon",
          "attention.key_length",
          "attention.value_length",
          "rope.freq_base",
          "rope.dimension_count",
          "rope.scaling.type",
          "rope.scaling.factor",
          "rope.scaling.original_context_length",
          "rope.scaling.finetuned",
          "rope.scale_linear",
          "expert_count",
          "expert_used_count",
          "tensor_data_layout",
          "use_parallel_residual",
          "vocab_size");

  /**
   * Reads and checks them.
   *
   * @throws CheckpointException naming the key that is missing, wrong or not supported
   */
  static LlamaKeys read(GgufMetadata metadata) {
    String name = metadata.requiredText("general.architecture");
    GgufArchitecture architecture =
        GgufArchitecture.of(name)
            .orElseThrow(
                () ->
                    metadata.fault(
                        "general.architecture",
                        "is %s, supported are %s"
                            .formatted(ErrorText.quoted(name), GgufArchitecture.names())));
    String prefix = architecture.prefix();
    refuseUnknown(metadata, architecture);
    int hidden = positive(metadata, prefix + "embedding_length");
    int heads = positive(metadata, prefix + "attention.head_count");
    int kvHeads = metadata.integer(prefix + "attention.head_count_kv").orElse(heads);
    int headDim = metadata.integer(prefix + "attention.key_length").orElse(hidden / heads);
    LlamaKeys keys =
        new LlamaKeys(
            architecture,
            positive(metadata, prefix + "block_count"),
            hidden,
            positive(metadata, prefix + "feed_forward_length"),
            heads,
            kvHeads,
            headDim,
            positive(metadata, prefix + "context_length"),
            exactDecimal(
                metadata.number(prefix + "rope.freq_base").orElse(architecture.usualTheta())),
            exactDecimal(metadata.requiredNumber(prefix + "attention.layer_norm_rms_epsilon")));
    keys.check(metadata);
    return keys;
  }

  /** What config.json says beside the fields of all. */
  Map<String, Object> further(GgufMetadata metadata) {
    Map<String, Object> fields = architecture.fields(metadata, this);
    int turned = metadata.integer(architecture.prefix() + "rope.dimension_count").orElse(headDim);
    if (turned != headDim) {
      fields.put("partial_rotary_factor", (double) turned / headDim);
    }
    return fields;
  }

  private static void refuseUnknown(GgufMetadata metadata, GgufArchitecture architecture) {
    String prefix = architecture.prefix();
    for (String key : metadata.keys()) {
      String own = key.startsWith(prefix) ? key.substring(prefix.length()) : "block_count";
      if (!KNOWN.contains(own) && !architecture.knows(own)) {
        throw metadata.fault(key, "is not supported");
      }
    }
  }

  private void check(GgufMetadata metadata) {
    require(metadata, layers <= MAX_LAYERS, "block_count", "is out of range");
    require(
        metadata,
        kvHeads > 0 && heads % kvHeads == 0,
        "attention.head_count_kv",
        "does not divide head_count");
    require(
        metadata,
        headDim > 0 && headDim % 2 == 0,
        "attention.key_length",
        "gives an odd or empty head");
    require(
        metadata,
        equal(metadata, "attention.value_length", headDim),
        "attention.value_length",
        "is not key_length");
    require(
        metadata,
        architecture.turnsParts() || equal(metadata, "rope.dimension_count", headDim),
        "rope.dimension_count",
        "is not the head's length");
    require(
        metadata,
        equal(metadata, "expert_count", 0),
        "expert_count",
        "asks for experts, which are not supported");
  }

  private boolean equal(GgufMetadata metadata, String key, int expected) {
    return metadata.integer(architecture.prefix() + key).orElse(expected) == expected;
  }

  private void require(GgufMetadata metadata, boolean condition, String key, String what) {
    if (!condition) {
      throw metadata.fault(architecture.prefix() + key, what);
    }
  }

  private static int positive(GgufMetadata metadata, String key) {
    int value = metadata.requiredInteger(key);
    if (value < 1) {
      throw metadata.fault(key, "must be at least 1");
    }
    return value;
  }

  /**
   * GGUF has float32 here where config.json had a decimal: 1e-5 shall not become
   * 9.999999747378752e-06.
   */
  static double exactDecimal(double value) {
    return Double.parseDouble(Float.toString((float) value));
  }
}
