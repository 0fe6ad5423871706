package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.GradCalls;
import java.util.List;

/**
 * Derivatives of functions written in Java. MLX traces the function once in every call: it is run
 * with arrays that have shapes but no elements, so it must not read them, and what it builds
 * belongs to a scope that closes with it. Results belong to the scope this was taken from. Owner
 * thread only.
 */
public final class MlxGrad {
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

  private GradCalls.Traced traced(Traced function) {
    return (inputs, results) -> {
      try (MlxScope trace = scope.child("trace")) {
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
