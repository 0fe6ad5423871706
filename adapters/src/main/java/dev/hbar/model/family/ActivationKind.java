package dev.hbar.model.family;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Activation;
import dev.hbar.model.layer.PlainActivation;

/** The activations that configs name. */
enum ActivationKind {
  SILU,
  GELU,
  GELU_TANH,
  RELU,
  RELU_SQUARED;

  private static final String KNOWN =
      "silu, swish, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu, relu2";

  /** What {@code hidden_activation}, else {@code hidden_act} names; silu where neither is there. */
  static ActivationKind of(ModelConfig config) {
    JsonFields fields = config.fields();
    return of(fields, fields.has("hidden_activation") ? "hidden_activation" : "hidden_act");
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
      case GELU_TANH -> PlainActivation.GELU_TANH;
      case RELU -> PlainActivation.RELU;
      case RELU_SQUARED -> PlainActivation.RELU_SQUARED;
    };
  }
}
