package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Convolutions. */
public final class ConvCalls {
  private ConvCalls() {}

  public static ArrayHandle conv1d(
      ArrayHandle input, ArrayHandle weight, int stride, int padding, int dilation, int groups) {
    return NativeCall.array(
        "mlx_conv1d",
        o ->
            ops_h.mlx_conv1d(
                o,
                input.struct(),
                weight.struct(),
                stride,
                padding,
                dilation,
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle conv2d(
      ArrayHandle input,
      ArrayHandle weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int groups) {
    return NativeCall.array(
        "mlx_conv2d",
        o ->
            ops_h.mlx_conv2d(
                o,
                input.struct(),
                weight.struct(),
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                dilation[0],
                dilation[1],
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle conv3d(
      ArrayHandle input,
      ArrayHandle weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int groups) {
    return NativeCall.array(
        "mlx_conv3d",
        o ->
            ops_h.mlx_conv3d(
                o,
                input.struct(),
                weight.struct(),
                stride[0],
                stride[1],
                stride[2],
                padding[0],
                padding[1],
                padding[2],
                dilation[0],
                dilation[1],
                dilation[2],
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle convTranspose1d(
      ArrayHandle input,
      ArrayHandle weight,
      int stride,
      int padding,
      int dilation,
      int outputPadding,
      int groups) {
    return NativeCall.array(
        "mlx_conv_transpose1d",
        o ->
            ops_h.mlx_conv_transpose1d(
                o,
                input.struct(),
                weight.struct(),
                stride,
                padding,
                dilation,
                outputPadding,
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle convTranspose2d(
      ArrayHandle input,
      ArrayHandle weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int[] outputPadding,
      int groups) {
    return NativeCall.array(
        "mlx_conv_transpose2d",
        o ->
            ops_h.mlx_conv_transpose2d(
                o,
                input.struct(),
                weight.struct(),
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                dilation[0],
                dilation[1],
                outputPadding[0],
                outputPadding[1],
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle convTranspose3d(
      ArrayHandle input,
      ArrayHandle weight,
      int[] stride,
      int[] padding,
      int[] dilation,
      int[] outputPadding,
      int groups) {
    return NativeCall.array(
        "mlx_conv_transpose3d",
        o ->
            ops_h.mlx_conv_transpose3d(
                o,
                input.struct(),
                weight.struct(),
                stride[0],
                stride[1],
                stride[2],
                padding[0],
                padding[1],
                padding[2],
                dilation[0],
                dilation[1],
                dilation[2],
                outputPadding[0],
                outputPadding[1],
                outputPadding[2],
                groups,
                Execution.stream()),
        input,
        weight);
  }

  public static ArrayHandle convGeneral(
      ArrayHandle input,
      ArrayHandle weight,
      int[] stride,
      int[] paddingLo,
      int[] paddingHi,
      int[] kernelDilation,
      int[] inputDilation,
      int groups,
      boolean flip) {
    MemorySegment strideInts = Scratch.ints(stride);
    MemorySegment paddingLoInts = Scratch.ints(paddingLo);
    MemorySegment paddingHiInts = Scratch.ints(paddingHi);
    MemorySegment kernelDilationInts = Scratch.ints(kernelDilation);
    MemorySegment inputDilationInts = Scratch.ints(inputDilation);
    return NativeCall.array(
        "mlx_conv_general",
        o ->
            ops_h.mlx_conv_general(
                o,
                input.struct(),
                weight.struct(),
                strideInts,
                stride.length,
                paddingLoInts,
                paddingLo.length,
                paddingHiInts,
                paddingHi.length,
                kernelDilationInts,
                kernelDilation.length,
                inputDilationInts,
                inputDilation.length,
                groups,
                flip,
                Execution.stream()),
        input,
        weight);
  }
}
