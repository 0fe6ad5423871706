package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Reads and writes by index arrays, which are the caller's to check. */
public final class ScatterCalls {
  private ScatterCalls() {}

  public static ArrayHandle gather(
      ArrayHandle a, int[] axes, int[] sliceSizes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    MemorySegment sliceSizesInts = Scratch.ints(sliceSizes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_gather",
                o ->
                    ops_h.mlx_gather(
                        o,
                        a.struct(),
                        vector,
                        axesInts,
                        axes.length,
                        sliceSizesInts,
                        sliceSizes.length,
                        Execution.stream()),
                a),
        indices);
  }

  public static ArrayHandle gather(
      ArrayHandle a, ArrayHandle indices, int axis, int... sliceSizes) {
    MemorySegment sliceSizesInts = Scratch.ints(sliceSizes);
    return NativeCall.array(
        "mlx_gather_single",
        o ->
            ops_h.mlx_gather_single(
                o,
                a.struct(),
                indices.struct(),
                axis,
                sliceSizesInts,
                sliceSizes.length,
                Execution.stream()),
        a,
        indices);
  }

  public static ArrayHandle scatterAddAxis(
      ArrayHandle a, ArrayHandle indices, ArrayHandle values, int axis) {
    return NativeCall.array(
        "mlx_scatter_add_axis",
        o ->
            ops_h.mlx_scatter_add_axis(
                o, a.struct(), indices.struct(), values.struct(), axis, Execution.stream()),
        a,
        indices,
        values);
  }

  public static ArrayHandle maskedScatter(ArrayHandle a, ArrayHandle mask, ArrayHandle src) {
    return NativeCall.array(
        "mlx_masked_scatter",
        o ->
            ops_h.mlx_masked_scatter(
                o, a.struct(), mask.struct(), src.struct(), Execution.stream()),
        a,
        mask,
        src);
  }

  public static ArrayHandle sliceDynamic(
      ArrayHandle a, ArrayHandle start, int[] axes, int... sliceSize) {
    MemorySegment axesInts = Scratch.ints(axes);
    MemorySegment sliceSizeInts = Scratch.ints(sliceSize);
    return NativeCall.array(
        "mlx_slice_dynamic",
        o ->
            ops_h.mlx_slice_dynamic(
                o,
                a.struct(),
                start.struct(),
                axesInts,
                axes.length,
                sliceSizeInts,
                sliceSize.length,
                Execution.stream()),
        a,
        start);
  }

  public static ArrayHandle sliceUpdateDynamic(
      ArrayHandle src, ArrayHandle update, ArrayHandle start, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_slice_update_dynamic",
        o ->
            ops_h.mlx_slice_update_dynamic(
                o,
                src.struct(),
                update.struct(),
                start.struct(),
                axesInts,
                axes.length,
                Execution.stream()),
        src,
        update,
        start);
  }
}
