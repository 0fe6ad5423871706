package dev.hbar.model.family;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.checkpoint.RopeConfigReader;
import dev.hbar.model.layer.Residual;
import java.util.Map;
import java.util.OptionalInt;

/** Families with norms after each half and none before: OLMo 2 and 3, EXAONE 4. */
final class PostNormed {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "olmo2", PostNormed::olmo2, "olmo3", PostNormed::olmo3, "exaone4", PostNormed::exaone4);

  private static final double OLMO3_THETA = 500_000;
  private static final int PATTERN = 4;

  private PostNormed() {}

  private static BlockRecipe block(AttentionRecipe attention, MlpRecipe mlp) {
    return new BlockRecipe.Sequential(
        BlockRecipe.NormNames.after("post_attention_layernorm"),
        attention,
        BlockRecipe.NormNames.after("post_feedforward_layernorm"),
        mlp,
        Residual.PLAIN);
  }

  private static AttentionRecipe olmo(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return AttentionRecipe.plain(config).withBiases(bias, bias).withNorms(HeadNormsRecipe.WHOLE);
  }

  /** OLMo 2: queries and keys are normed over their whole width. */
  private static DecoderRecipe olmo2(ModelConfig config) {
    AttentionRecipe attention = olmo(config);
    MlpRecipe mlp = MlpRecipe.plain(config);
    return DecoderRecipe.of(config.layers(), layer -> block(attention, mlp));
  }

  /** OLMo 3: windows on three of four layers, and a rope that is scaled on the others only. */
  private static DecoderRecipe olmo3(ModelConfig config) {
    AttentionRecipe attention = olmo(config);
    MlpRecipe mlp = MlpRecipe.plain(config);
    RopeRecipe plain = attention.rope();
    double theta = config.fields().optionalPositiveNumber("rope_theta").orElse(OLMO3_THETA);
    RopeConfig full = RopeConfigReader.ofKind(config, "full_attention", plain.dims(), theta);
    RopeConfig local =
        RopeConfigReader.ofKind(config, "sliding_attention", plain.dims(), OLMO3_THETA);
    return DecoderRecipe.of(
        config.layers(),
        layer -> {
          boolean slides = Windows.slides(config, layer, (layer + 1) % PATTERN != 0);
          OptionalInt window = slides ? config.window().size() : OptionalInt.empty();
          RopeRecipe rope = plain.withKind(slides ? local : full);
          return block(attention.withWindow(window).with(rope), mlp);
        });
  }

  /** EXAONE 4: normed heads; with windows, only the layers that have one turn. */
  private static DecoderRecipe exaone4(ModelConfig config) {
    MlpRecipe mlp = MlpRecipe.plain(config);
    return DecoderRecipe.of(config.layers(), layer -> block(localOrGlobal(config, layer), mlp));
  }

  /** EXAONE's attention on one layer. */
  static AttentionRecipe localOrGlobal(ModelConfig config, int layer) {
    AttentionRecipe attention = AttentionRecipe.plain(config).withNorms(HeadNormsRecipe.EACH_HEAD);
    OptionalInt size = config.window().size();
    boolean slides = size.isPresent() && Windows.slides(config, layer, local(config, layer));
    AttentionRecipe own = attention.withWindow(slides ? size : OptionalInt.empty());
    boolean turns = size.isEmpty() || slides;
    return turns ? own : own.with(attention.rope().none());
  }

  /** A pattern is a number, every so many layers are global, or a text of L and G. */
  private static boolean local(ModelConfig config, int layer) {
    JsonFields fields = config.fields();
    String field = "sliding_window_pattern";
    if (!fields.isText(field)) {
      return (layer + 1) % fields.optionalPositiveInt(field, Integer.MAX_VALUE).orElse(PATTERN)
          != 0;
    }
    String pattern = fields.text(field).orElseThrow();
    if (!pattern.matches("[LG]+")) {
      throw fields.fault(field, "must hold L and G, found " + ErrorText.quoted(pattern));
    }
    return layer < config.layers() - 1 && pattern.charAt(layer % pattern.length()) == 'L';
  }
}
