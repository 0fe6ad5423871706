package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads {@code rope_scaling} or {@code rope_parameters}, with the kind under {@code rope_type} or
 * {@code type}, by the rules of transformers' modeling_rope_utils. A kind that is not known is
 * refused: to ignore it would give text that looks right for a while.
 */
public final class RopeConfigReader {
  private static final double DEFAULT_THETA = 10_000;
  private static final String KINDS =
      "default, linear, dynamic, llama3, yarn, longrope, proportional";
  private static final String FULL = "full_attention";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final Set<String> PLAIN_FIELDS = Set.of("rope_theta", "partial_rotary_factor");

  private final JsonFields config;
  private final JsonFields rope;
  private final int maxPositions;
  private final int frequencies;
  private final double theta;

  private RopeConfigReader(
      JsonFields config, JsonFields rope, int maxPositions, int rotaryDim, double usualTheta) {
    this.config = config;
    this.rope = rope;
    this.maxPositions = maxPositions;
    this.frequencies = rotaryDim / 2;
    this.theta = rope.optionalPositiveNumber("rope_theta").orElse(usualTheta);
  }

  /** The object that holds the rope's fields; the config itself when it has none of its own. */
  static JsonFields fields(JsonFields config) {
    Optional<JsonFields> scaling = config.object("rope_scaling");
    JsonFields all = scaling.or(() -> config.object("rope_parameters")).orElse(config);
    return all.isObject(FULL) ? all.object(FULL).orElseThrow() : all;
  }

  /**
   * The rope of the layers of one kind, in families whose layers differ.
   *
   * @param layerKind {@code full_attention} or {@code sliding_attention}
   * @param usualTheta where the kind's own fields name none
   */
  public static RopeConfig ofKind(
      ModelConfig config, String layerKind, int rotaryDim, double usualTheta) {
    JsonFields fields = config.fields();
    Optional<JsonFields> nested =
        fields.object("rope_parameters").flatMap(all -> all.object(layerKind));
    Optional<JsonFields> old =
        layerKind.equals(FULL) ? fields.object("rope_scaling") : Optional.empty();
    return old.or(() -> nested)
        .map(
            rope ->
                new RopeConfigReader(
                        fields, rope, config.maxPositionEmbeddings(), rotaryDim, usualTheta)
                    .ofKind())
        .orElse(new RopeConfig.Plain(usualTheta));
  }

  static RopeConfig read(JsonFields config, int maxPositions, int rotaryDim) {
    JsonFields rope = fields(config);
    String field = config.has("rotary_emb_base") ? "rotary_emb_base" : "rope_theta";
    double theta = config.optionalPositiveNumber(field).orElse(DEFAULT_THETA);
    var reader = new RopeConfigReader(config, rope, maxPositions, rotaryDim, theta);
    return rope == config ? new RopeConfig.Plain(reader.theta) : reader.ofKind();
  }

  private RopeConfig ofKind() {
    String kind = rope.text("rope_type").or(() -> rope.text("type")).orElseGet(this::unnamedKind);
    return switch (kind) {
      // Positions of pictures have three parts; those of text are one number, so it is plain.
      case "default", "mrope" -> new RopeConfig.Plain(theta);
      case "linear" -> new RopeConfig.Linear(theta, factor());
      case "dynamic" -> dynamic();
      case "proportional" -> proportional();
      case "llama3" -> llama3();
      // Early Phi-3 checkpoints call their longrope "su" or "yarn".
      case "yarn" -> rope.has("short_factor") ? longRope() : yarn();
      case "longrope", "su" -> longRope();
      default ->
          throw rope.fault(
              rope.has("rope_type") ? "rope_type" : "type",
              "must be one of " + KINDS + ", found " + ErrorText.quoted(kind));
    };
  }

  /** With a fixed alpha only the base is stretched, whatever the length. */
  private RopeConfig dynamic() {
    if (!rope.has("alpha")) {
      return new RopeConfig.Dynamic(theta, factor(), maxPositions);
    }
    double dims = 2.0 * frequencies;
    return new RopeConfig.Plain(theta * Math.pow(rope.positiveNumber("alpha"), dims / (dims - 2)));
  }

  private RopeConfig proportional() {
    return new RopeConfig.Proportional(
        theta,
        rope.optionalPositiveNumber("partial_rotary_factor").orElse(1),
        rope.optionalPositiveNumber("factor").orElse(1));
  }

  private String unnamedKind() {
    if (PLAIN_FIELDS.containsAll(rope.names())) {
      return "default";
    }
    throw rope.fault("rope_type", "is missing, one of " + KINDS);
  }

  private double factor() {
    return rope.positiveNumber("factor");
  }

  private RopeConfig llama3() {
    double low = rope.positiveNumber("low_freq_factor");
    double high = rope.positiveNumber("high_freq_factor");
    if (low >= high) {
      throw rope.fault("low_freq_factor", "must be below high_freq_factor, found " + low);
    }
    return new RopeConfig.Llama3(theta, factor(), low, high, originalMaxPositions());
  }

  private RopeConfig yarn() {
    double factor = factor();
    double fast = rope.optionalPositiveNumber("beta_fast").orElse(32);
    double slow = rope.optionalPositiveNumber("beta_slow").orElse(1);
    if (slow > fast) {
      throw rope.fault("beta_slow", "must not be above beta_fast, found " + slow);
    }
    return new RopeConfig.Yarn(
        theta,
        factor,
        rope.optionalPositiveNumber("attention_factor").orElseGet(() -> yarnAttention(factor)),
        fast,
        slow,
        originalMaxPositions(),
        rope.flag("truncate").orElse(true));
  }

  private double yarnAttention(double factor) {
    OptionalDouble mscale = rope.optionalNumber("mscale");
    OptionalDouble allDim = rope.optionalNumber("mscale_all_dim");
    // As in the reference, zero means "not given".
    if (mscale.orElse(0) != 0 && allDim.orElse(0) != 0) {
      return mscale(factor, mscale.getAsDouble()) / mscale(factor, allDim.getAsDouble());
    }
    return mscale(factor, 1);
  }

  private static double mscale(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  private RopeConfig longRope() {
    int original = originalMaxPositions();
    double factor = rope.optionalPositiveNumber("factor").orElse((double) maxPositions / original);
    double attention = RopeConfig.LongRope.attention(factor, original);
    double gain = rope.optionalPositiveNumber("attention_factor").orElse(attention);
    return new RopeConfig.LongRope(
        theta,
        rope.positiveNumbers("short_factor", frequencies),
        rope.positiveNumbers("long_factor", frequencies),
        gain,
        gain,
        original);
  }

  /** Phi-3 keeps it beside the rope's fields, the others among them. */
  private int originalMaxPositions() {
    JsonFields holder = config.has(ORIGINAL) ? config : rope;
    int original = holder.optionalPositiveInt(ORIGINAL, Integer.MAX_VALUE).orElse(maxPositions);
    if (original < 2) {
      throw holder.fault(ORIGINAL, "must be at least 2, found " + original);
    }
    return original;
  }
}
