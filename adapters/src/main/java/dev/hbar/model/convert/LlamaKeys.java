package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import java.util.Set;

/**
 * The numbers of a Llama model, read from GGUF metadata.
 *
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
    int layers,
    int hiddenSize,
    int intermediateSize,
    int heads,
    int kvHeads,
    int headDim,
    int contextLength,
    double ropeTheta,
    double rmsNormEps) {

  static final String PREFIX = "llama.";
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
    String architecture = metadata.requiredText("general.architecture");
    if (!architecture.equals("llama")) {
      throw metadata.fault(
          "general.architecture",
          "is %s, only llama is supported".formatted(ErrorText.quoted(architecture)));
    }
    refuseUnknown(metadata);
    int hidden = positive(metadata, "embedding_length");
    int heads = positive(metadata, "attention.head_count");
    int kvHeads = metadata.integer(PREFIX + "attention.head_count_kv").orElse(heads);
    int headDim = metadata.integer(PREFIX + "attention.key_length").orElse(hidden / heads);
    LlamaKeys keys =
        new LlamaKeys(
            positive(metadata, "block_count"),
            hidden,
            positive(metadata, "feed_forward_length"),
            heads,
            kvHeads,
            headDim,
            positive(metadata, "context_length"),
            exactDecimal(metadata.number(PREFIX + "rope.freq_base").orElse(10_000.0)),
            exactDecimal(metadata.requiredNumber(PREFIX + "attention.layer_norm_rms_epsilon")));
    keys.check(metadata);
    return keys;
  }

  private static void refuseUnknown(GgufMetadata metadata) {
    for (String key : metadata.keys()) {
      if (key.startsWith(PREFIX) && !KNOWN.contains(key.substring(PREFIX.length()))) {
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
        equal(metadata, "rope.dimension_count", headDim),
        "rope.dimension_count",
        "is not the head's length");
    require(
        metadata,
        equal(metadata, "expert_count", 0),
        "expert_count",
        "asks for experts, which are not supported");
  }

  private static boolean equal(GgufMetadata metadata, String key, int expected) {
    return metadata.integer(PREFIX + key).orElse(expected) == expected;
  }

  private static void require(GgufMetadata metadata, boolean condition, String key, String what) {
    if (!condition) {
      throw metadata.fault(PREFIX + key, what);
    }
  }

  private static int positive(GgufMetadata metadata, String key) {
    int value = metadata.requiredInteger(PREFIX + key);
    require(metadata, value > 0, key, "must be at least 1");
    return value;
  }

  /**
   * GGUF has float32 here where config.json had a decimal: 1e-5 shall not become
   * 9.999999747378752e-06.
   */
  private static double exactDecimal(double value) {
    return Double.parseDouble(Float.toString((float) value));
  }
}
