package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.GradCalls;
import java.util.List;

/**
 * Derivatives of functions written in Java, and functions over one more axis. MLX traces the
 * function once in every call: it is run with arrays that have shapes but no elements, so it must
 * not read them, and what it builds belongs to a scope that closes with it. Results belong to the
 * scope this was taken from. Owner thread only.
 */
public final class MlxGrad {
  /** In {@link #vmap}, of an input that is the same at every place. */
  public static final int SAME = -1;

  private final MlxScope scope;

  MlxGrad(MlxScope scope) {
    this.scope = scope;
  }

  /** A function of arrays that MLX can trace. */
  @FunctionalInterface
  public interface Traced {
    /** The results, built in {@code trace}; what this throws comes out of the derivative's call. */
    List<MlxArray> apply(MlxScope trace, List<MlxArray> inputs);
  }

  /**
   * What a function gives and how it changes.
   *
   * @param values the function's own results
   * @param derivatives gradients or products, as the call says
   */
  public record Derivative(List<MlxArray> values, List<MlxArray> derivatives) {
    /** Copies the lists. */
    public Derivative {
      values = List.copyOf(values);
      derivatives = List.copyOf(derivatives);
    }
  }

  /**
   * The values, and the gradients of the first one, a scalar, by the inputs numbered in {@code by}.
   */
  public Derivative valueAndGrad(Traced function, int[] by, MlxArray... inputs) {
    return derivative(GradCalls.valueAndGrad(traced(function), by, MlxArray.handles(inputs)));
  }

  /**
   * The values, and for each primal the product of the cotangents, one a value, with the Jacobian.
   */
  public Derivative vjp(Traced function, List<MlxArray> primals, List<MlxArray> cotangents) {
    return derivative(GradCalls.vjp(traced(function), handles(primals), handles(cotangents)));
  }

  /** The values, and for each value the product of the Jacobian with the tangents, one a primal. */
  public Derivative jvp(Traced function, List<MlxArray> primals, List<MlxArray> tangents) {
    return derivative(GradCalls.jvp(traced(function), handles(primals), handles(tangents)));
  }

  /**
   * The results of a function over one more axis, as if it were called for each place on it: once
   * traced, computed together.
   *
   * @param inAxes for each input the axis to go along, of the same length in all, or {@link #SAME}
   * @param outAxes for each result where the axis comes out
   * @throws IllegalArgumentException for axes that inputs or results do not have
   */
  public List<MlxArray> vmap(Traced function, int[] inAxes, int[] outAxes, MlxArray... inputs) {
    if (inAxes.length != inputs.length) {
      throw new IllegalArgumentException(
          inputs.length + " inputs, for which " + inAxes.length + " axes are given");
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inAxes[i] < SAME || inAxes[i] >= inputs[i].dims().length) {
        throw new IllegalArgumentException(inputs[i] + " has no axis " + inAxes[i]);
      }
    }
    for (int axis : outAxes) {
      if (axis < 0) {
        throw new IllegalArgumentException("a result has no axis " + axis);
      }
    }
    return scope.adoptAll(
        GradCalls.vmap(traced(function), inAxes, outAxes, MlxArray.handles(inputs)));
  }

  private GradCalls.Traced traced(Traced function) {
    return (inputs, results) -> {
      try (MlxScope trace = scope.trace()) {
        List<MlxArray> made = function.apply(trace, trace.adoptAll(inputs));
        results.accept(handles(made));
      }
    };
  }

  private Derivative derivative(ArrayHandle[]... parts) {
    List<MlxArray> values = scope.adoptAll(parts[0]);
    return new Derivative(values, scope.adoptAll(parts[1]));
  }

  private static ArrayHandle[] handles(List<MlxArray> arrays) {
    return MlxArray.handles(arrays.toArray(MlxArray[]::new));
  }
}
