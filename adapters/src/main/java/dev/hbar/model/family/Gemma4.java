package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.checkpoint.RopeConfigReader;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.Residual;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Gemma 4: layers with a window and layers without differ in heads and rope; the last ones may read
 * the keys and values of earlier ones; layers may be told of each token, or have experts.
 */
final class Gemma4 {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "gemma4_text", config -> new Gemma4(config).recipe(),
          "gemma4_unified_text", config -> new Gemma4(config).recipe());

  private static final int MAX_SIZE = 1 << 24;
  private static final int PATTERN = 6;
  private static final int GLOBAL_HEAD_DIM = 512;
  private static final double LOCAL_THETA = 10_000;
  private static final double GLOBAL_THETA = 1_000_000;
  private static final double GLOBAL_SHARE = 0.25;

  private final ModelConfig config;
  private final JsonFields fields;
  private final int told;

  private Gemma4(ModelConfig config) {
    this.config = config;
    this.fields = config.fields();
    this.told = count("hidden_size_per_layer_input");
  }

  private DecoderRecipe recipe() {
    if (fields.isText("use_bidirectional_attention")
        && fields.text("use_bidirectional_attention").orElseThrow().equals("all")) {
      throw fields.fault("use_bidirectional_attention", "must not be \"all\": text is causal here");
    }
    DecoderRecipe plain =
        DecoderRecipe.of(config.layers(), this::block)
            .withEmbeddingScale(Math.sqrt(config.hiddenSize()))
            .with(Gemma.logits(fields));
    return told == 0 ? plain : plain.with(layerInputs());
  }

  private LayerInputsRecipe layerInputs() {
    int rows = fields.optionalPositiveInt("vocab_size_per_layer_input", MAX_SIZE).orElse(MAX_SIZE);
    if (rows < config.vocabSize()) {
      throw fields.fault(
          "vocab_size_per_layer_input",
          "must be at least vocab_size %s, found %s".formatted(config.vocabSize(), rows));
    }
    return new LayerInputsRecipe("model", rows, config.hiddenSize(), config.layers(), told);
  }

  private int count(String field) {
    return fields.has(field) ? Math.max(0, fields.integer(field)) : 0;
  }

  /** The last layer sees everything, whatever the config says. */
  private boolean slides(int layer) {
    return layer < config.layers() - 1 && Windows.slides(config, layer, (layer + 1) % PATTERN != 0);
  }

  private BlockRecipe block(int layer) {
    int own = config.layers() - count("num_kv_shared_layers");
    boolean shared = layer >= own;
    boolean wide = shared && fields.flag("use_double_wide_mlp").orElse(false);
    AttentionRecipe attention = attention(layer);
    MixerRecipe mixer =
        shared ? new SharedAttentionRecipe(attention, source(layer, own)) : attention;
    MlpRecipe mlp = MlpRecipe.plain(config).withInner(config.intermediateSize() * (wide ? 2 : 1));
    return new FinishedBlockRecipe(
        fields.flag("enable_moe_block").orElse(false)
            ? mixture(mixer, mlp)
            : Gemma.block(mixer, mlp),
        told,
        mlp.activation());
  }

  private BlockRecipe mixture(MixerRecipe mixer, MlpRecipe mlp) {
    return new BlockRecipe.Sequential(
        BlockRecipe.NormNames.around("input_layernorm", "post_attention_layernorm"),
        mixer,
        BlockRecipe.NormNames.after("post_feedforward_layernorm"),
        new DenseBesideExpertsRecipe(
            mlp,
            fields.positiveInt("moe_intermediate_size", MAX_SIZE),
            fields.positiveInt("num_experts", MAX_SIZE),
            fields.positiveInt("top_k_experts", MAX_SIZE)),
        Residual.PLAIN);
  }

  /** The last layer of its kind that has keys of its own. */
  private int source(int layer, int own) {
    return IntStream.range(0, own)
        .filter(earlier -> slides(earlier) == slides(layer))
        .max()
        .orElseThrow(
            () ->
                fields.fault(
                    "num_kv_shared_layers",
                    "leaves layer %s no layer of its kind to share with".formatted(layer)));
  }

  private AttentionRecipe attention(int layer) {
    boolean slides = slides(layer);
    boolean keysAreValues = !slides && fields.flag("attention_k_eq_v").orElse(false);
    boolean bias = config.attentionBias().orElse(false);
    AttentionShape shape = shape(layer, slides);
    return AttentionRecipe.plain(config)
        .withShape(shape)
        .withBiases(bias, bias)
        .withHeadNorms()
        .withValues(keysAreValues ? AttentionRecipe.Values.KEYS : AttentionRecipe.Values.NORMED)
        .withWindow(slides ? config.window().size() : OptionalInt.empty())
        .with(rope(shape.headDim(), slides));
  }

  private AttentionShape shape(int layer, boolean slides) {
    JsonFields own =
        fields
            .object("per_layer_config")
            .flatMap(all -> all.object(String.valueOf(layer)))
            .orElse(JsonFields.empty(config.file()));
    boolean listed = fields.isObject("per_layer_config");
    int usualDim =
        slides || listed
            ? config.headDim()
            : fields.optionalPositiveInt("global_head_dim", MAX_SIZE).orElse(GLOBAL_HEAD_DIM);
    boolean other = !slides && !listed && fields.flag("attention_k_eq_v").orElse(false);
    int usualHeads =
        other
            ? fields
                .optionalPositiveInt("num_global_key_value_heads", MAX_SIZE)
                .orElse(config.kvHeads())
            : config.kvHeads();
    int kvHeads = own.optionalPositiveInt("num_key_value_heads", MAX_SIZE).orElse(usualHeads);
    if (config.heads() % kvHeads != 0) {
      throw fields.fault(
          "num_global_key_value_heads",
          "must divide num_attention_heads %s, found %s".formatted(config.heads(), kvHeads));
    }
    int dim = own.optionalPositiveInt("head_dim", MAX_SIZE).orElse(usualDim);
    return new AttentionShape(config.heads(), kvHeads, dim, 1f);
  }

  private RopeRecipe rope(int headDim, boolean slides) {
    String kind = slides ? "sliding_attention" : "full_attention";
    boolean given = fields.isObject("rope_parameters");
    RopeConfig rope =
        given || slides
            ? RopeConfigReader.ofKind(config, kind, headDim, slides ? LOCAL_THETA : GLOBAL_THETA)
            : new RopeConfig.Proportional(GLOBAL_THETA, GLOBAL_SHARE, 1);
    return new RopeRecipe(Optional.of(rope), headDim, headDim, false);
  }
}
