package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Writes of updates at the places that index arrays name, which are the caller's to check. */
public enum Scatter {
  SET("mlx_scatter", ops_h::mlx_scatter, ops_h::mlx_scatter_single),
  ADD("mlx_scatter_add", ops_h::mlx_scatter_add, ops_h::mlx_scatter_add_single),
  MAX("mlx_scatter_max", ops_h::mlx_scatter_max, ops_h::mlx_scatter_max_single),
  MIN("mlx_scatter_min", ops_h::mlx_scatter_min, ops_h::mlx_scatter_min_single),
  PROD("mlx_scatter_prod", ops_h::mlx_scatter_prod, ops_h::mlx_scatter_prod_single);

  private final String function;
  private final Several several;
  private final Single single;

  @FunctionalInterface
  private interface Several {
    int invoke(
        MemorySegment out,
        MemorySegment a,
        MemorySegment indices,
        MemorySegment updates,
        MemorySegment axes,
        long axisCount,
        MemorySegment stream);
  }

  @FunctionalInterface
  private interface Single {
    int invoke(
        MemorySegment out,
        MemorySegment a,
        MemorySegment indices,
        MemorySegment updates,
        int axis,
        MemorySegment stream);
  }

  Scatter(String function, Several several, Single single) {
    this.function = function;
    this.several = several;
    this.single = single;
  }

  /** One index array for each of the axes. */
  public ArrayHandle of(ArrayHandle a, ArrayHandle updates, int[] axes, ArrayHandle... indices) {
    MemorySegment axesInts = Scratch.ints(axes);
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                function,
                out ->
                    several.invoke(
                        out,
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

  /** One index array for one axis. */
  public ArrayHandle of(ArrayHandle a, ArrayHandle indices, ArrayHandle updates, int axis) {
    return NativeCall.array(
        function + "_single",
        out ->
            single.invoke(
                out, a.struct(), indices.struct(), updates.struct(), axis, Execution.stream()),
        a,
        indices,
        updates);
  }
}
