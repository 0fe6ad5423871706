package dev.hbar.mlx;

import dev.hbar.mlx.internal.ConvCalls;

/**
 * Convolutions (cross-correlations, as in neural networks), channels last: input [N, ..., Cin],
 * weight [Cout, ..., Cin / groups]. Results belong to the scope this was taken from. Owner thread
 * only.
 */
public final class MlxConv {
  private final MlxScope scope;

  MlxConv(MlxScope scope) {
    this.scope = scope;
  }

  /** Convolution over 1 axis, one number each. */
  public MlxArray conv1d(
      MlxArray input, MlxArray weight, int stride, int padding, int dilation, int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.conv1d(input.handle(), weight.handle(), stride, padding, dilation, groups));
  }

  /** Convolution over 2 axes, numbers for each. */
  public MlxArray conv2d(
      MlxArray input, MlxArray weight, int[] stride, int[] padding, int[] dilation, int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.conv2d(input.handle(), weight.handle(), stride, padding, dilation, groups));
  }

  /** Convolution over 3 axes, numbers for each. */
  public MlxArray conv3d(
      MlxArray input, MlxArray weight, int[] stride, int[] padding, int[] dilation, int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.conv3d(input.handle(), weight.handle(), stride, padding, dilation, groups));
  }

  /** Transposed convolution over 1 axis. */
  public MlxArray convTranspose1d(
      MlxArray input,
      MlxArray weight,
      int stride,
      int padding,
      int dilation,
      int outputPadding,
      int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.convTranspose1d(
            input.handle(), weight.handle(), stride, padding, dilation, outputPadding, groups));
  }

  /** Transposed convolution over 2 axes. */
  public MlxArray convTranspose2d(
      MlxArray input,
      MlxArray weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int[] outputPadding,
      int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.convTranspose2d(
            input.handle(), weight.handle(), stride, padding, dilation, outputPadding, groups));
  }

  /** Transposed convolution over 3 axes. */
  public MlxArray convTranspose3d(
      MlxArray input,
      MlxArray weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int[] outputPadding,
      int groups) {
    Positive.require("stride", stride);
    Positive.require("dilation", dilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.convTranspose3d(
            input.handle(), weight.handle(), stride, padding, dilation, outputPadding, groups));
  }

  /**
   * Convolution over any number of axes, padding low and high apart, the weight reversed where
   * flip.
   */
  public MlxArray convGeneral(
      MlxArray input,
      MlxArray weight,
      int[] stride,
      int[] paddingLo,
      int[] paddingHi,
      int[] kernelDilation,
      int[] inputDilation,
      int groups,
      boolean flip) {
    Positive.require("stride", stride);
    Positive.require("kernelDilation", kernelDilation);
    Positive.require("inputDilation", inputDilation);
    Positive.require("groups", groups);
    return scope.adopt(
        ConvCalls.convGeneral(
            input.handle(),
            weight.handle(),
            stride,
            paddingLo,
            paddingHi,
            kernelDilation,
            inputDilation,
            groups,
            flip));
  }
}
