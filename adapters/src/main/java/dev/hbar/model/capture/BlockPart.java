package dev.hbar.model.capture;

import java.util.Locale;

/** A place inside a decoder block, in the order of the computation. Shapes are those in a pass. */
public enum BlockPart {
  /** The residual stream that enters the block, [B, T, hidden]. */
  INPUT,
  /** Queries after projection and bias, before norm and RoPE, [B, T, heads * headDim]. */
  Q_PROJ,
  /** Keys after projection and bias, [B, T, kvHeads * headDim]. */
  K_PROJ,
  /** Values after projection and bias, [B, T, kvHeads * headDim]. */
  V_PROJ,
  /** Queries after their norm, in families that have one, [B, heads, T, headDim]. */
  Q_NORM,
  /** Keys after their norm, in families that have one, [B, kvHeads, T, headDim]. */
  K_NORM,
  /** Queries after RoPE, [B, heads, T, headDim]. */
  Q_ROPE,
  /** Keys after RoPE, [B, kvHeads, T, headDim]. */
  K_ROPE,
  /** Softmax of the masked scores, float32 [B, heads, T, K]; each row sums to 1. */
  ATTENTION_WEIGHTS,
  /** After the output projection, before it is added to the residual stream, [B, T, hidden]. */
  ATTENTION_OUTPUT,
  /** Experts that the router chose, the best first, uint32 [B, T, k], in layers that have them. */
  EXPERTS,
  /** How much each of them counts, float32 [B, T, k]. */
  EXPERT_WEIGHTS,
  /** The MLP's gate before its activation, [B, T, intermediate]. */
  GATE,
  /** The MLP's other input projection, [B, T, intermediate]. */
  UP,
  /** After the MLP's last projection, before it is added to the residual stream. */
  MLP_OUTPUT;

  /** The last component of the point's name. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Which axis counts the positions T: heads come before it once they are split. */
  int positionAxis() {
    return switch (this) {
      case Q_NORM, K_NORM, Q_ROPE, K_ROPE, ATTENTION_WEIGHTS -> 2;
      default -> 1;
    };
  }
}
