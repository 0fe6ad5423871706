package dev.hbar.model.convert;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.Quantization;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint folder is converted to.
 *
 * @param quantization how matrices are packed; empty keeps or makes them float
 * @param dtype of everything that stays float, and of affine scales; empty takes the checkpoint's
 *     own
 * @param shardBytes most bytes of tensors in one file; a single larger tensor gets its own
 */
public record ConvertSettings(
    Optional<Quantization> quantization, Optional<DType> dtype, long shardBytes) {
  /** MLX tools begin a new file at 5 GiB. */
  public static final long SHARD_BYTES = 5L << 30;

  /** What decides the bytes of the result, for its provenance. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("quantization", quantization.map(ConvertSettings::fields).orElse(null));
    fields.put("dtype", dtype.map(type -> type.name().toLowerCase(Locale.ROOT)).orElse(null));
    fields.put("shard_bytes", shardBytes);
    return fields;
  }

  /** The numbers of a packing under the names of config.json. */
  static Map<String, Object> fields(Quantization quantization) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("group_size", quantization.groupSize());
    fields.put("bits", quantization.bits());
    fields.put("mode", quantization.mode().mlxName());
    return fields;
  }
}
