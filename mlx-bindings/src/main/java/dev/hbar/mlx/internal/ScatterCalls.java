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

  public static ArrayHandle scatter(
      ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_scatter",
                o ->
                    ops_h.mlx_scatter(
                        o,
                        a.struct(),
                        vector,
                        updates.struct(),
                        axesInts,
                        axes.length,
                        Execution.stream()),
                a,
                updates),
        indices);
  }

  public static ArrayHandle scatter(
      ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        "mlx_scatter_single",
        o ->
            ops_h.mlx_scatter_single(
                o, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
  }

  public static ArrayHandle scatterAdd(
      ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_scatter_add",
                o ->
                    ops_h.mlx_scatter_add(
                        o,
                        a.struct(),
                        vector,
                        updates.struct(),
                        axesInts,
                        axes.length,
                        Execution.stream()),
                a,
                updates),
        indices);
  }

  public static ArrayHandle scatterAdd(
      ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        "mlx_scatter_add_single",
        o ->
            ops_h.mlx_scatter_add_single(
                o, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
  }

  public static ArrayHandle scatterMax(
      ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_scatter_max",
                o ->
                    ops_h.mlx_scatter_max(
                        o,
                        a.struct(),
                        vector,
                        updates.struct(),
                        axesInts,
                        axes.length,
                        Execution.stream()),
                a,
                updates),
        indices);
  }

  public static ArrayHandle scatterMax(
      ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        "mlx_scatter_max_single",
        o ->
            ops_h.mlx_scatter_max_single(
                o, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
  }

  public static ArrayHandle scatterMin(
      ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_scatter_min",
                o ->
                    ops_h.mlx_scatter_min(
                        o,
                        a.struct(),
                        vector,
                        updates.struct(),
                        axesInts,
                        axes.length,
                        Execution.stream()),
                a,
                updates),
        indices);
  }

  public static ArrayHandle scatterMin(
      ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        "mlx_scatter_min_single",
        o ->
            ops_h.mlx_scatter_min_single(
                o, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
  }

  public static ArrayHandle scatterProd(
      ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_scatter_prod",
                o ->
                    ops_h.mlx_scatter_prod(
                        o,
                        a.struct(),
                        vector,
                        updates.struct(),
                        axesInts,
                        axes.length,
                        Execution.stream()),
                a,
                updates),
        indices);
  }

  public static ArrayHandle scatterProd(
      ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        "mlx_scatter_prod_single",
        o ->
            ops_h.mlx_scatter_prod_single(
                o, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
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

  public static ArrayHandle sliceUpdateAdd(
      ArrayHandle src, ArrayHandle update, int[] start, int[] stop, int... strides) {
    MemorySegment startInts = Scratch.ints(start);
    MemorySegment stopInts = Scratch.ints(stop);
    MemorySegment stridesInts = Scratch.ints(strides);
    return NativeCall.array(
        "mlx_slice_update_add",
        o ->
            ops_h.mlx_slice_update_add(
                o,
                src.struct(),
                update.struct(),
                startInts,
                start.length,
                stopInts,
                stop.length,
                stridesInts,
                strides.length,
                Execution.stream()),
        src,
        update);
  }

  public static ArrayHandle sliceUpdateMax(
      ArrayHandle src, ArrayHandle update, int[] start, int[] stop, int... strides) {
    MemorySegment startInts = Scratch.ints(start);
    MemorySegment stopInts = Scratch.ints(stop);
    MemorySegment stridesInts = Scratch.ints(strides);
    return NativeCall.array(
        "mlx_slice_update_max",
        o ->
            ops_h.mlx_slice_update_max(
                o,
                src.struct(),
                update.struct(),
                startInts,
                start.length,
                stopInts,
                stop.length,
                stridesInts,
                strides.length,
                Execution.stream()),
        src,
        update);
  }

  public static ArrayHandle sliceUpdateMin(
      ArrayHandle src, ArrayHandle update, int[] start, int[] stop, int... strides) {
    MemorySegment startInts = Scratch.ints(start);
    MemorySegment stopInts = Scratch.ints(stop);
    MemorySegment stridesInts = Scratch.ints(strides);
    return NativeCall.array(
        "mlx_slice_update_min",
        o ->
            ops_h.mlx_slice_update_min(
                o,
                src.struct(),
                update.struct(),
                startInts,
                start.length,
                stopInts,
                stop.length,
                stridesInts,
                strides.length,
                Execution.stream()),
        src,
        update);
  }

  public static ArrayHandle sliceUpdateProd(
      ArrayHandle src, ArrayHandle update, int[] start, int[] stop, int... strides) {
    MemorySegment startInts = Scratch.ints(start);
    MemorySegment stopInts = Scratch.ints(stop);
    MemorySegment stridesInts = Scratch.ints(strides);
    return NativeCall.array(
        "mlx_slice_update_prod",
        o ->
            ops_h.mlx_slice_update_prod(
                o,
                src.struct(),
                update.struct(),
                startInts,
                start.length,
                stopInts,
                stop.length,
                stridesInts,
                strides.length,
                Execution.stream()),
        src,
        update);
  }
}
