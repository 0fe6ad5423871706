package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.Activation;
import dev.hbar.model.layer.LayerNorm;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.Rope;
import dev.hbar.model.layer.XieLu;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What recipes build their parts from. Arrays belong to the model. Owner thread. */
final class Parts {
  private final MlxScope model;
  private final ModelConfig config;
  private final WeightStore weights;
  private final LoadOptions options;
  private final NormKind normKind;
  private final Map<RopeRecipe, Rope> ropes = new HashMap<>();

  /**
   * @param weights of the checkpoint, consumed by name
   * @param normKind of the family's norms
   */
  Parts(
      MlxScope model,
      ModelConfig config,
      WeightStore weights,
      LoadOptions options,
      NormKind normKind) {
    this.model = model;
    this.config = config;
    this.weights = weights;
    this.options = options;
    this.normKind = resolved(normKind, weights);
  }

  private static NormKind resolved(NormKind kind, WeightStore weights) {
    if (kind != NormKind.RMS_PLUS_ONE_UNLESS_CONVERTED) {
      return kind;
    }
    return weights.hasConvOfTransformers() ? NormKind.RMS_PLUS_ONE : NormKind.RMS;
  }

  /** The scope of the model, not yet sealed. */
  MlxScope model() {
    return model;
  }

  ModelConfig config() {
    return config;
  }

  WeightStore weights() {
    return weights;
  }

  LoadOptions options() {
    return options;
  }

  /** The linear layer [out, in] at {@code path}. */
  Linear linear(String path, int in, int out, boolean bias) {
    return weights.linear(path, in, out, bias);
  }

  /** The norm at {@code path}, of the family's kind. */
  Norm norm(String path, int size) {
    MlxArray weight = weights.vector(path + ".weight", size);
    return switch (normKind) {
      case RMS -> rms(weight, config.rmsNormEps());
      case RMS_PLUS_ONE, RMS_PLUS_ONE_UNLESS_CONVERTED -> rms(plusOne(weight), config.rmsNormEps());
      case LAYER -> layer(weight, weights.vector(path + ".bias", size));
      case LAYER_PLUS_ONE -> layer(plusOne(weight), weights.vector(path + ".bias", size));
      case LAYER_WITHOUT_BIAS -> layer(weight, constant(0f, size));
    };
  }

  /** An RMS norm whose weight is ones. */
  Norm weightlessRms(int size) {
    return weightlessRms(size, config.rmsNormEps());
  }

  Norm weightlessRms(int size, double eps) {
    return rms(constant(1f, size), eps);
  }

  /** A layer norm of each of {@code heads} heads, its weight [heads, size] without a bias. */
  Norm layerNormOfHeads(MlxArray weight, int size) {
    return new LayerNorm.OfHeads(layer(constant(1f, size), constant(0f, size)), weight);
  }

  private static RmsNorm rms(MlxArray weight, double eps) {
    return new RmsNorm(weight, (float) eps);
  }

  private LayerNorm layer(MlxArray weight, MlxArray bias) {
    return new LayerNorm(weight, bias, (float) config.rmsNormEps());
  }

  private MlxArray plusOne(MlxArray weight) {
    MlxArray sum = model.ops().add(weight, model.scalar(1f, weight.dtype()));
    model.eval(sum);
    weight.close();
    return sum;
  }

  /** A vector of one number in the activations' type. */
  MlxArray constant(float value, int size) {
    return model.ops().full(model.scalar(value, dtype()), dtype(), size);
  }

  Activation activation(ActivationKind kind) {
    if (kind == ActivationKind.XIELU) {
      throw config.fields().fault("hidden_act", "must not be xielu where a gate is multiplied");
    }
    return kind.build(options.compute());
  }

  /** The activation that {@code path} holds the numbers of, a and b under the softplus. */
  Activation xieLu(String path) {
    MlxArray beta = number(path + "beta");
    MlxArray rise = model.math().softplus(number(path + "alpha_p"));
    MlxArray fall = model.ops().add(beta, model.math().softplus(number(path + "alpha_n")));
    model.eval(rise, fall);
    return new XieLu(cast(rise), cast(fall), cast(beta), cast(number(path + "eps")));
  }

  /** One number in float32, stored with or without an axis. */
  private MlxArray number(String name) {
    weights.rearrange(name, List.of(name), (scope, x) -> List.of(scope.ops().reshape(x, 1)));
    return weights.float32(name, 1);
  }

  private MlxArray cast(MlxArray x) {
    MlxArray typed = model.ops().astype(x, dtype());
    model.eval(typed);
    return typed;
  }

  /** The same rope for the same recipe. */
  Rope rope(RopeRecipe recipe) {
    return ropes.computeIfAbsent(
        recipe, of -> Ropes.of(model, of, config.maxPositionEmbeddings(), options));
  }

  /** Type of the activations. */
  DType dtype() {
    return options.compute().dtype();
  }
}
