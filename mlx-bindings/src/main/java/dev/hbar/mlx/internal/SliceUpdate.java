package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Updates that are combined with a slice, whose bounds are the caller's to check. */
public enum SliceUpdate {
  ADD("mlx_slice_update_add", ops_h::mlx_slice_update_add),
  MAX("mlx_slice_update_max", ops_h::mlx_slice_update_max),
  MIN("mlx_slice_update_min", ops_h::mlx_slice_update_min),
  PROD("mlx_slice_update_prod", ops_h::mlx_slice_update_prod);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(
        MemorySegment out,
        MemorySegment src,
        MemorySegment update,
        MemorySegment start,
        long startCount,
        MemorySegment stop,
        long stopCount,
        MemorySegment strides,
        long strideCount,
        MemorySegment stream);
  }

  SliceUpdate(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  public ArrayHandle of(
      ArrayHandle src, ArrayHandle update, int[] start, int[] stop, int... strides) {
    MemorySegment startInts = Scratch.ints(start);
    MemorySegment stopInts = Scratch.ints(stop);
    MemorySegment stridesInts = Scratch.ints(strides);
    return NativeCall.array(
        function,
        out ->
            call.invoke(
                out,
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
