package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Optional;

/**
 * The form that weights are kept in: their types, and packed or unpacked. What goes in belongs to
 * the loading scope; what is said to be kept has moved up into the model's. Owner thread.
 *
 * @param form of the matrices
 * @param dtype of the activations
 */
record WeightFormat(MlxScope loading, WeightForm form, DType dtype) {
  /** Type of matrices. */
  DType matrixDtype() {
    return form == WeightForm.PACKED ? dtype : DType.FLOAT32;
  }

  /** Whether matrices are wider than activations. */
  boolean wide() {
    return matrixDtype() != dtype;
  }

  /** A matrix in the type that matrices have, not kept yet; the raw one is given back. */
  MlxArray matrix(MlxArray raw) {
    return raw.dtype() == matrixDtype() ? raw : converted(raw, matrixDtype());
  }

  private MlxArray converted(MlxArray raw, DType wanted) {
    MlxArray typed = loading.ops().astype(raw, wanted);
    loading.eval(typed);
    raw.close();
    return typed;
  }

  /** Keeps the tensor in that type; the raw one is given back. */
  MlxArray kept(MlxArray raw, DType wanted) {
    return loading.keep(raw.dtype() == wanted ? raw : converted(raw, wanted));
  }

  /** Keeps the view [..., in, out] of a matrix [..., out, in]. */
  MlxArray transposed(MlxArray weight) {
    MlxArray view = loading.ops().swapaxes(weight, -2, -1);
    loading.eval(view);
    weight.close();
    return loading.keep(view);
  }

  /** Keeps float32 [taps, channels] of a convolution of single channels. */
  MlxArray taps(MlxArray raw, int channels, int taps) {
    try (MlxScope scope = loading.child("taps")) {
      MlxArray wide = scope.ops().astype(scope.ops().reshape(raw, channels, taps), DType.FLOAT32);
      MlxArray turned = scope.ops().contiguous(scope.ops().transpose(wide, 1, 0));
      loading.eval(turned);
      raw.close();
      return loading.keep(scope.keep(turned));
    }
  }

  /** Keeps [experts, 1, out] of the biases [experts, out], in the type that matrices have. */
  MlxArray column(MlxArray raw) {
    MlxArray column = loading.ops().expandDims(loading.ops().astype(raw, matrixDtype()), 1);
    loading.eval(column);
    raw.close();
    return loading.keep(column);
  }

  /** The rows of all, one after the other; the parts are given back. */
  MlxArray joined(MlxArray... parts) {
    MlxArray all = loading.ops().concatenate(0, parts);
    loading.eval(all);
    for (MlxArray part : parts) {
      part.close();
    }
    return all;
  }

  /** The same of packed matrices of one packing. */
  QuantizedWeight joined(QuantizedWeight... parts) {
    MlxArray[] weights = new MlxArray[parts.length];
    MlxArray[] scales = new MlxArray[parts.length];
    MlxArray[] biases = new MlxArray[parts.length];
    for (int i = 0; i < parts.length; i++) {
      weights[i] = parts[i].weight();
      scales[i] = parts[i].scales();
      biases[i] = parts[i].biases().orElse(null);
    }
    QuantizedWeight first = parts[0];
    return new QuantizedWeight(
        joined(weights),
        joined(scales),
        first.biases().isPresent() ? Optional.of(joined(biases)) : Optional.empty(),
        first.groupSize(),
        first.bits(),
        first.mode());
  }

  /**
   * The dense matrix, not kept yet. The scales are widened first, so that the product is not
   * rounded to the stored type.
   */
  MlxArray unpacked(QuantizedWeight packed) {
    DType wanted = matrixDtype();
    QuantizedWeight typed = packed.withScales(scales -> loading.ops().astype(scales, wanted));
    MlxArray weight = loading.quantized().dequantize(typed, wanted);
    loading.eval(weight);
    close(typed);
    close(packed);
    return weight;
  }

  /** Keeps a packed matrix, its scales in the activations' type. */
  QuantizedWeight kept(QuantizedWeight packed) {
    QuantizedWeight typed = packed.withScales(scales -> kept(scales, dtype));
    loading.keep(typed.weight());
    if (!typed.mode().hasBiases()) {
      loading.keep(typed.scales());
    }
    return typed;
  }

  private static void close(QuantizedWeight weight) {
    weight.weight().close();
    weight.scales().close();
    weight.biases().ifPresent(MlxArray::close);
  }
}
