package dev.hbar.model.convert;

import dev.hbar.model.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code rope_scaling} of config.json out of what GGUF has instead: a type with a factor, or,
 * for llama3, the finished factors of all frequencies, from which the parameters are recovered.
 */
final class RopeScaling {

  private static final String TYPE = "rope.scaling.type";
  private static final String FACTOR = "rope.scaling.factor";

  /** What every published llama3 checkpoint uses; only the factor differs. */
  private static final double LOW = 1;

  private static final double HIGH = 4;
  private static final int ORIGINAL = 8192;

  /** The factors were computed in float32 or float64, by several tools. */
  private static final double TOLERANCE = 1e-5;

  private RopeScaling() {}

  /**
   * The scaling of a model.
   *
   * @param factors of {@code rope_freqs.weight}, headDim / 2 long, or empty without that tensor
   * @return the fields of {@code rope_scaling}, or empty for plain rotary positions
   * @throws CheckpointException for a scaling that cannot be expressed
   */
  static Optional<Map<String, Object>> read(GgufFile file, LlamaKeys keys, float[] factors) {
    GgufMetadata metadata = file.metadata();
    String prefix = keys.architecture().prefix();
    String type = metadata.text(prefix + TYPE).orElse("none");
    if (type.equals("yarn") && keys.architecture().scalesByYarn()) {
      return Optional.of(yarn(metadata, prefix));
    }
    Optional<Double> scaleLinear = metadata.number(prefix + "rope.scale_linear");
    boolean linear = type.equals("linear");
    if (!linear && !type.equals("none")) {
      throw metadata.fault(
          prefix + TYPE,
          "is \"%s\", supported are none, linear and llama3's factors".formatted(type));
    }
    double factor = metadata.number(prefix + FACTOR).or(() -> scaleLinear).orElse(1.0);
    boolean scaled = factor != 1 && (linear || scaleLinear.isPresent());
    if (scaled && factors.length > 0) {
      throw metadata.fault(
          prefix + FACTOR,
          "and the tensor %s exclude each other".formatted(LlamaNames.ROPE_FACTORS));
    }
    return scaled ? Optional.of(linear(factor)) : llama3(file, keys, factors);
  }

  /** Other factors for texts up to the length of training and beyond it. */
  static Map<String, Object> byLength(float[] within, float[] beyond) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "longrope");
    fields.put("short_factor", decimals(within));
    fields.put("long_factor", decimals(beyond));
    return fields;
  }

  private static List<Double> decimals(float[] values) {
    List<Double> decimals = new ArrayList<>();
    for (float value : values) {
      decimals.add(LlamaKeys.exactDecimal(value));
    }
    return decimals;
  }

  private static Map<String, Object> yarn(GgufMetadata metadata, String prefix) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rope_type", "yarn");
    fields.put("factor", metadata.requiredNumber(prefix + FACTOR));
    fields.put(
        "original_max_position_embeddings",
        metadata.requiredInteger(prefix + "rope.scaling.original_context_length"));
    return fields;
  }

  private static Map<String, Object> linear(double factor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rope_type", "linear");
    fields.put("factor", factor);
    return fields;
  }

  private static Optional<Map<String, Object>> llama3(
      GgufFile file, LlamaKeys keys, float[] factors) {
    double largest = 1;
    boolean plain = true;
    for (float factor : factors) {
      largest = Math.max(largest, factor);
      plain &= factor == 1;
    }
    if (plain) {
      return Optional.empty();
    }
    for (int i = 0; i < factors.length; i++) {
      double expected = factor(keys, i, largest);
      if (factors.length != keys.headDim() / 2
          || !(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
        throw file.fault(
            "the factors in tensor %s are not those of llama3 scaling"
                .formatted(LlamaNames.ROPE_FACTORS));
      }
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rope_type", "llama3");
    fields.put("factor", largest);
    fields.put("low_freq_factor", LOW);
    fields.put("high_freq_factor", HIGH);
    fields.put("original_max_position_embeddings", ORIGINAL);
    return Optional.of(fields);
  }

  /**
   * What frequency {@code index} is divided by: 1 for short waves, all of it for long ones, between
   * them a blend.
   */
  private static double factor(LlamaKeys keys, int index, double factor) {
    double wavelength = 2 * Math.PI * Math.pow(keys.ropeTheta(), 2.0 * index / keys.headDim());
    if (wavelength < ORIGINAL / HIGH) {
      return 1;
    }
    if (wavelength > ORIGINAL / LOW) {
      return factor;
    }
    double smooth = (ORIGINAL / wavelength - LOW) / (HIGH - LOW);
    return 1 / ((1 - smooth) / factor + smooth);
  }
}
