package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads config.json and generation_config.json into a {@link ModelConfig}. Everything that holds
 * for all families is checked here, before any native call.
 */
public final class ConfigReader {
  private static final List<String> INNER_FIELDS =
      List.of("block_ff_dim", "intermediate_size", "moe_intermediate_size");

  private static final int MAX_LAYERS = 1024;
  private static final int MAX_HEADS = 4096;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_VOCABULARY = 1 << 24;

  /** Families call it differently. */
  private static final List<String> EPS_FIELDS =
      List.of("rms_norm_eps", "layer_norm_eps", "norm_epsilon", "norm_eps", "layer_norm_epsilon");

  private static final List<String> LAYERS_FIELDS = List.of("num_hidden_layers", "num_layers");
  private static final List<String> SHARE_FIELDS = List.of("partial_rotary_factor", "rotary_pct");
  private static final String TURNED = "rotary_dim";

  private final JsonFields config;

  private ConfigReader(JsonFields config) {
    this.config = config;
  }

  /**
   * The config of a checkpoint.
   *
   * @param supported each {@code model_type} that the caller can build, to what its absent fields
   *     mean; another type is refused before anything else is read, since its fields may differ
   * @throws CheckpointException naming file and field
   */
  public static ModelConfig read(CheckpointDirectory directory, Map<String, JsonFields> supported) {
    JsonFields config = JsonFile.read(directory.require("config.json"), JsonFile.CONFIG_BYTES);
    Optional<JsonFields> generation =
        directory
            .find("generation_config.json")
            .map(file -> JsonFile.read(file, JsonFile.CONFIG_BYTES));
    return new ConfigReader(TextConfig.of(config, supported)).read(directory, generation);
  }

  private ModelConfig read(CheckpointDirectory directory, Optional<JsonFields> generation) {
    int hiddenSize = config.positiveInt("hidden_size", MAX_WIDTH);
    int layers = layers();
    int heads = config.positiveInt("num_attention_heads", MAX_HEADS);
    int headDim = headDim(hiddenSize, heads);
    int vocabulary = config.positiveInt("vocab_size", MAX_VOCABULARY);
    int maxPositions = config.positiveInt("max_position_embeddings", Integer.MAX_VALUE);
    int rotaryDim = rotaryDim(headDim);
    requireCommonVariant();
    return new ModelConfig(
        config.file(),
        config.text("model_type").orElseThrow(),
        hiddenSize,
        intermediateSize(),
        layers,
        heads,
        kvHeads(heads),
        headDim,
        vocabulary,
        rmsNormEps(),
        maxPositions,
        rotaryDim,
        RopeConfigReader.read(config, maxPositions, rotaryDim),
        window(layers),
        config.flag("tie_embedding").or(() -> config.flag("tie_word_embeddings")),
        config.flag("attention_bias"),
        config.flag("mlp_bias").orElse(false),
        QuantizationReader.read(config),
        dtype(),
        EndTokens.of(directory, generation, config, vocabulary),
        bosTokenId(),
        config);
  }

  /** Some families call it differently, and some with experts on every layer have none. */
  private int intermediateSize() {
    String field =
        INNER_FIELDS.stream().filter(config::has).findFirst().orElse("intermediate_size");
    return config.positiveInt(field, MAX_WIDTH);
  }

  /** As many as a pattern has letters; transformers counts no other way where there is one. */
  private int layers() {
    String pattern = config.text("hybrid_override_pattern").orElse("");
    List<String> named = config.texts("layers_block_type");
    int counted = named.isEmpty() ? pattern.length() : named.size();
    if (counted > MAX_LAYERS) {
      throw config.fault("hybrid_override_pattern", "names more than " + MAX_LAYERS + " layers");
    }
    return counted > 0 ? counted : config.positiveInt(named(LAYERS_FIELDS), MAX_LAYERS);
  }

  private int kvHeads(int heads) {
    int kvHeads = config.optionalPositiveInt("num_key_value_heads", MAX_HEADS).orElse(heads);
    if (heads % kvHeads != 0) {
      throw config.fault(
          "num_key_value_heads",
          "must divide num_attention_heads %s, found %s".formatted(heads, kvHeads));
    }
    return kvHeads;
  }

  private int headDim(int hiddenSize, int heads) {
    // Heads of latent attention: the part that turns.
    String field = config.has("qk_rope_head_dim") ? "qk_rope_head_dim" : "head_dim";
    OptionalInt given = config.optionalPositiveInt(field, MAX_WIDTH);
    if (given.isEmpty() && hiddenSize % heads != 0) {
      throw config.fault(
          "num_attention_heads",
          "must divide hidden_size %s, found %s".formatted(hiddenSize, heads));
    }
    int headDim = given.orElse(hiddenSize / heads);
    if (headDim % 2 != 0) {
      throw config.fault("head_dim", "must be even, found " + headDim);
    }
    return headDim;
  }

  private int rotaryDim(int headDim) {
    JsonFields rope = RopeConfigReader.fields(config);
    if (rope.text("rope_type").orElse("").equals("proportional")) {
      return headDim;
    }
    if (config.has(TURNED)) {
      return turned(headDim, config.positiveInt(TURNED, MAX_WIDTH));
    }
    String usual = SHARE_FIELDS.getFirst();
    JsonFields holder = rope.has(usual) ? rope : config;
    String field = rope.has(usual) ? usual : named(SHARE_FIELDS);
    double factor = holder.optionalPositiveNumber(field).orElse(1);
    int rotaryDim = (int) (headDim * factor);
    if (factor > 1 || rotaryDim < 2 || rotaryDim % 2 != 0) {
      throw holder.fault(
          field, "must leave an even part of head_dim %s, found %s".formatted(headDim, factor));
    }
    return rotaryDim;
  }

  private int turned(int headDim, int rotaryDim) {
    if (rotaryDim > headDim || rotaryDim % 2 != 0) {
      throw config.fault(
          TURNED, "must be even and at most head_dim %s, found %s".formatted(headDim, rotaryDim));
    }
    return rotaryDim;
  }

  /** The first of these names that the file has, else the first. */
  private String named(List<String> fields) {
    return fields.stream().filter(config::has).findFirst().orElse(fields.getFirst());
  }

  private double rmsNormEps() {
    String field = named(EPS_FIELDS);
    double eps = config.positiveNumber(field);
    // Cast to float32 it must still be there: with a smaller one, a zero row becomes NaN.
    if (eps >= 0.01 || (float) eps == 0) {
      throw config.fault(field, "must lie between 0 and 0.01, found " + eps);
    }
    return eps;
  }

  private void requireCommonVariant() {
    if (config.flag("rope_traditional").orElse(false)) {
      throw config.fault("rope_traditional", "must be false: interleaved rotation is unsupported");
    }
  }

  private WindowConfig window(int layers) {
    List<String> types = config.texts("layer_types");
    if (!types.isEmpty() && types.size() != layers) {
      throw config.fault(
          "layer_types", "must have %s entries, found %s".formatted(layers, types.size()));
    }
    return new WindowConfig(
        config.optionalPositiveInt("sliding_window", Integer.MAX_VALUE),
        config.isNull("sliding_window"),
        config.flag("use_sliding_window"),
        config.has("max_window_layers")
            ? OptionalInt.of(Math.max(0, config.integer("max_window_layers")))
            : OptionalInt.empty(),
        types.stream().map(this::layerType).toList());
  }

  private WindowConfig.LayerType layerType(String name) {
    return switch (name) {
      case "full_attention", "attention" -> WindowConfig.LayerType.FULL_ATTENTION;
      case "sliding_attention" -> WindowConfig.LayerType.SLIDING_ATTENTION;
      case "chunked_attention" -> WindowConfig.LayerType.CHUNKED_ATTENTION;
      case "linear_attention" -> WindowConfig.LayerType.LINEAR_ATTENTION;
      case "conv" -> WindowConfig.LayerType.CONV;
      case "mamba" -> WindowConfig.LayerType.MAMBA;
      default ->
          throw config.fault(
              "layer_types",
              "must hold full_attention, sliding_attention, chunked_attention, linear_attention, conv"
                  + " or mamba, found "
                  + ErrorText.quoted(name));
    };
  }

  private Optional<DType> dtype() {
    String field = config.has("torch_dtype") ? "torch_dtype" : "dtype";
    Optional<String> name = config.text(field).filter(text -> !text.equals("auto"));
    return name.map(
        text ->
            switch (text.replaceFirst("^torch\\.", "")) {
              case "float16" -> DType.FLOAT16;
              case "bfloat16" -> DType.BFLOAT16;
              case "float32" -> DType.FLOAT32;
              default ->
                  throw config.fault(
                      field,
                      "must be float16, bfloat16 or float32, found " + ErrorText.quoted(text));
            });
  }

  private OptionalInt bosTokenId() {
    return config.tokenIds("bos_token_id").stream().mapToInt(Integer::intValue).findFirst();
  }
}
