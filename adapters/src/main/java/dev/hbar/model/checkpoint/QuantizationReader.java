package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.QuantizationMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code quantization}, which MLX tools also write as {@code quantization_config}. */
final class QuantizationReader {
  private static final String METHOD = "quant_method";
  private static final String MXFP4 = "mxfp4";
  private static final Set<String> DEFAULT_FIELDS = Set.of("group_size", "bits", "mode");

  private final JsonFields fields;

  private QuantizationReader(JsonFields fields) {
    this.fields = fields;
  }

  static Optional<QuantizationConfig> read(JsonFields config) {
    Optional<JsonFields> mlx = config.object("quantization");
    return mlx.or(() -> config.object("quantization_config"))
        .map(fields -> new QuantizationReader(fields).read());
  }

  private QuantizationConfig read() {
    if (fields.text(METHOD).filter(MXFP4::equals).isPresent()) {
      // As gpt-oss was first published: expert blocks that MLX takes as they are.
      QuantizationMode mode = QuantizationMode.MXFP4;
      return new QuantizationConfig(
          new Quantization(mode.defaultGroupSize(), mode.defaultBits(), mode), Map.of(), Set.of());
    }
    if (fields.has(METHOD)) {
      throw fields.fault(
          METHOD,
          "names unsupported quantization "
              + ErrorText.quoted(fields.text(METHOD).orElse(""))
              + "; use a checkpoint that is not quantized or one made by MLX");
    }
    Quantization defaults = defaults();
    Map<String, Quantization> overrides = new HashMap<>();
    Set<String> dense = new HashSet<>();
    for (String path : fields.names()) {
      if (DEFAULT_FIELDS.contains(path)) {
        continue;
      }
      if (fields.isObject(path)) {
        overrides.put(path, override(fields.object(path).orElseThrow(), defaults));
      } else if (!fields.isFlag(path)) {
        throw fields.fault(path, "must be an object, true or false");
      } else if (!fields.flag(path).orElseThrow()) {
        dense.add(path);
      }
    }
    return new QuantizationConfig(defaults, overrides, dense);
  }

  private Quantization defaults() {
    QuantizationMode mode = mode(fields).orElse(QuantizationMode.AFFINE);
    if (mode == QuantizationMode.AFFINE) {
      return checked(fields, fields.integer("group_size"), fields.integer("bits"), mode);
    }
    return filled(fields, mode);
  }

  /**
   * As in MLX, an override without a mode is affine, whatever the default mode is; but one that
   * repeats the default's numbers means the default.
   */
  private static Quantization override(JsonFields fields, Quantization defaults) {
    Optional<QuantizationMode> named = mode(fields);
    if (named.isPresent()) {
      return filled(fields, named.get());
    }
    int groupSize = fields.has("group_size") ? fields.integer("group_size") : 0;
    int bits = fields.has("bits") ? fields.integer("bits") : 0;
    boolean asDefault = groupSize == defaults.groupSize() && bits == defaults.bits();
    return asDefault ? defaults : filled(fields, QuantizationMode.AFFINE);
  }

  /** Absent numbers are MLX's own. */
  private static Quantization filled(JsonFields fields, QuantizationMode mode) {
    return checked(
        fields,
        fields.has("group_size") ? fields.integer("group_size") : mode.defaultGroupSize(),
        fields.has("bits") ? fields.integer("bits") : mode.defaultBits(),
        mode);
  }

  private static Quantization checked(
      JsonFields fields, int groupSize, int bits, QuantizationMode mode) {
    if (!mode.bits().contains(bits)) {
      throw fields.fault(
          "bits",
          "must be one of %s for mode %s, found %s".formatted(mode.bits(), mode.mlxName(), bits));
    }
    if (!mode.groupSizes().contains(groupSize)) {
      throw fields.fault(
          "group_size",
          "must be one of %s for mode %s, found %s"
              .formatted(mode.groupSizes(), mode.mlxName(), groupSize));
    }
    return new Quantization(groupSize, bits, mode);
  }

  private static Optional<QuantizationMode> mode(JsonFields fields) {
    Optional<String> name = fields.text("mode");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<QuantizationMode> mode = QuantizationMode.ofMlxName(name.get());
    if (mode.isEmpty()) {
      String known =
          Arrays.stream(QuantizationMode.values())
              .map(QuantizationMode::mlxName)
              .collect(Collectors.joining(", "));
      throw fields.fault(
          "mode",
          "names unsupported quantization "
              + ErrorText.quoted(name.get())
              + ", supported are "
              + known);
    }
    return mode;
  }
}
