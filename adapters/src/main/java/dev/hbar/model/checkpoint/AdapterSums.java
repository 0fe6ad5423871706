package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Map;
import java.util.Optional;

/** Puts what an adapter adds on top of the loaded weights, which are unpacked from then on. */
final class AdapterSums {
  private final WeightFiles files;
  private final ModelConfig config;
  private final DType dtype;

  /**
   * @param dtype of the sums
   */
  AdapterSums(WeightFiles files, ModelConfig config, DType dtype) {
    this.files = files;
    this.config = config;
    this.dtype = dtype;
  }

  /**
   * Replaces weights by sums, and takes their scales away.
   *
   * @param loading owns the tensors
   */
  void apply(MlxScope loading, Map<String, MlxArray> tensors) {
    for (String path : files.adapter().paths()) {
      try (MlxScope step = loading.child("adapter")) {
        MlxArray wide = values(step, path, tensors);
        MlxArray sum = step.ops().astype(files.adapter().onTop(step, path, wide), dtype);
        loading.eval(sum);
        tensors.remove(path + ".weight").close();
        tensors.put(path + ".weight", step.keep(sum));
      }
      for (String suffix : new String[] {".scales", ".biases"}) {
        Optional.ofNullable(tensors.remove(path + suffix)).ifPresent(MlxArray::close);
      }
    }
  }

  private MlxArray values(MlxScope step, String path, Map<String, MlxArray> tensors) {
    WeightFiles.Location location = files.find(path + ".weight").orElseThrow();
    MlxArray weight = tensors.get(path + ".weight");
    MlxArray scales = tensors.get(path + ".scales");
    if (scales == null) {
      return step.ops().astype(weight, DType.FLOAT32);
    }
    String stored = location.tensor().name().replaceFirst("\\.weight$", "");
    try {
      Quantization spec =
          config
              .quantization()
              .flatMap(all -> all.forPath(stored, tensors.containsKey(path + ".biases")))
              .orElseThrow(() -> new IllegalArgumentException("no bits are given for it"));
      QuantizedWeight packed =
          new QuantizedWeight(
                  weight,
                  scales,
                  Optional.ofNullable(tensors.get(path + ".biases")),
                  spec.groupSize(),
                  spec.bits(),
                  spec.mode())
              .withScales(part -> step.ops().astype(part, DType.FLOAT32));
      return step.quantized().dequantize(packed, DType.FLOAT32);
    } catch (IllegalArgumentException unfit) {
      throw CheckpointException.inFile(
          location.shard().file(),
          path + ": " + unfit.getMessage(),
          "the file and config.json disagree, fetch both again from one place");
    }
  }
}
