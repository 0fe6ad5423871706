package dev.hbar.model.family;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Activation;
import dev.hbar.model.layer.PlainActivation;
import java.util.List;

/** The activations that configs name. */
enum ActivationKind {
  SILU,
  GELU,
  GELU_TANH,
  RELU,
  RELU_SQUARED,
  /** Has weights of its own, see {@link MlpRecipe}. */
  XIELU;

  /** Families call it differently. */
  static final List<String> FIELDS =
      List.of("hidden_activation", "activation_function", "hidden_act");

  private static final String KNOWN =
      "silu, swish, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu, relu2, xielu";

  /**
   * What {@code hidden_activation}, {@code activation_function} or {@code hidden_act} names; silu
   * where neither is there.
   */
  static ActivationKind of(ModelConfig config) {
    JsonFields fields = config.fields();
    String field = FIELDS.stream().filter(fields::has).findFirst().orElse("hidden_act");
    return of(fields, field);
  }

  /** What a field names; silu where it is absent. */
  static ActivationKind of(JsonFields fields, String field) {
    String name = fields.text(field).orElse("silu");
    return switch (name) {
      case "silu", "swish" -> SILU;
      case "gelu" -> GELU;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> GELU_TANH;
      case "relu" -> RELU;
      case "relu2" -> RELU_SQUARED;
      case "xielu" -> XIELU;
      default ->
          throw fields.fault(
              field, "must be one of " + KNOWN + ", found " + ErrorText.quoted(name));
    };
  }

  /** In the form of this policy. */
  Activation build(Compute compute) {
    return switch (this) {
      case SILU -> compute.silu();
      case GELU -> PlainActivation.GELU;
      case GELU_TANH -> compute.geluTanh();
      case RELU -> PlainActivation.RELU;
      case RELU_SQUARED -> PlainActivation.RELU_SQUARED;
      case XIELU -> throw new IllegalStateException("has weights");
    };
  }
}
