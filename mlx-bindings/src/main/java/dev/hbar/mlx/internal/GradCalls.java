package dev.hbar.mlx.internal;

import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.gen.closure_h;
import dev.hbar.mlx.gen.mlx_closure_new_func$fun;
import dev.hbar.mlx.gen.transforms_h;
import dev.hbar.mlx.gen.transforms_impl_h;
import dev.hbar.mlx.gen.vector_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Derivatives, and more axes, of functions that Java writes. MLX calls the function back on this
 * thread, inside the call, to trace it; nothing that is thrown leaves the upcall, which would end
 * the process: it is kept, MLX is told of a failure, and it is thrown again when the call has
 * returned.
 */
public final class GradCalls {
  private GradCalls() {}

  /**
   * A function to trace: it owns its inputs, and its results must be open when it hands them on.
   */
  @FunctionalInterface
  public interface Traced {
    /** Builds the results of {@code inputs} and gives them to {@code results}. */
    void trace(ArrayHandle[] inputs, Consumer<ArrayHandle[]> results);
  }

  /** Values, then gradients of the first value by the inputs that {@code by} numbers. */
  public static ArrayHandle[][] valueAndGrad(Traced function, int[] by, ArrayHandle... inputs) {
    return closure(
        function,
        closure -> {
          MemorySegment gradient = Slots.take();
          MemorySegment numbers = Scratch.ints(by);
          try {
            NativeCall.check(
                "mlx_value_and_grad",
                transforms_h.mlx_value_and_grad(gradient, closure, numbers, by.length));
            return ArrayVector.with(
                vector ->
                    vectors(
                        "mlx_closure_value_and_grad_apply",
                        (values, grads) ->
                            closure_h.mlx_closure_value_and_grad_apply(
                                values, grads, gradient, vector),
                        inputs),
                inputs);
          } finally {
            closure_h.mlx_closure_value_and_grad_free(gradient);
            Slots.give(gradient);
          }
        });
  }

  /** Values, then the products of {@code cotangents} with the Jacobian, one for each primal. */
  public static ArrayHandle[][] vjp(
      Traced function, ArrayHandle[] primals, ArrayHandle[] cotangents) {
    return product("mlx_vjp", transforms_h::mlx_vjp, function, primals, cotangents);
  }

  /** Values, then the products of the Jacobian with {@code tangents}, one for each value. */
  public static ArrayHandle[][] jvp(
      Traced function, ArrayHandle[] primals, ArrayHandle[] tangents) {
    return product("mlx_jvp", transforms_h::mlx_jvp, function, primals, tangents);
  }

  /**
   * The function over one more axis: of each input the axis that {@code inAxes} numbers, -1 for one
   * that is the same for all, and of each result a new axis at the place in {@code outAxes}.
   */
  public static ArrayHandle[] vmap(
      Traced function, int[] inAxes, int[] outAxes, ArrayHandle... inputs) {
    MemorySegment from = Scratch.ints(inAxes);
    return closure(
        function,
        closure ->
            ArrayVector.with(
                at -> {
                  ArrayHandle[][] traced =
                      vectors(
                          "mlx_detail_vmap_trace",
                          (in, out) ->
                              transforms_impl_h.mlx_detail_vmap_trace(
                                  in, out, closure, at, from, inAxes.length),
                          inputs);
                  try {
                    return new ArrayHandle[][] {replaced(traced, inAxes, outAxes, at)};
                  } finally {
                    close(traced[0]);
                    close(traced[1]);
                  }
                },
                inputs))[0];
  }

  private static ArrayHandle[] replaced(
      ArrayHandle[][] traced, int[] inAxes, int[] outAxes, MemorySegment inputs) {
    if (traced[1].length != outAxes.length) {
      throw new IllegalArgumentException(
          "the function has %s results, for which %s axes are given"
              .formatted(traced[1].length, outAxes.length));
    }
    MemorySegment from = Scratch.ints(inAxes);
    MemorySegment to = Scratch.ints(outAxes);
    return ArrayVector.with(
        in ->
            ArrayVector.with(
                out ->
                    NativeCall.arrays(
                        "mlx_detail_vmap_replace",
                        results ->
                            transforms_impl_h.mlx_detail_vmap_replace(
                                results, inputs, in, out, from, inAxes.length, to, outAxes.length)),
                traced[1]),
        traced[0]);
  }

  private static void close(ArrayHandle... arrays) {
    for (ArrayHandle array : arrays) {
      array.close();
    }
  }

  @FunctionalInterface
  private interface Product {
    int invoke(
        MemorySegment values,
        MemorySegment products,
        MemorySegment closure,
        MemorySegment primals,
        MemorySegment others);
  }

  private static ArrayHandle[][] product(
      String name, Product product, Traced function, ArrayHandle[] primals, ArrayHandle[] others) {
    return closure(
        function,
        closure ->
            ArrayVector.with(
                at ->
                    ArrayVector.with(
                        along ->
                            vectors(
                                name,
                                (values, products) ->
                                    product.invoke(values, products, closure, at, along),
                                primals),
                        others),
                primals));
  }

  private static ArrayHandle[][] closure(
      Traced function, Function<MemorySegment, ArrayHandle[][]> use) {
    Throwable[] thrown = new Throwable[1];
    MemorySegment closure = Slots.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stub =
          mlx_closure_new_func$fun.allocate(
              (results, inputs) -> traced(function, results, inputs, thrown), arena);
      closure_h.mlx_closure_new_func((size, alignment) -> closure, stub);
      return use.apply(closure);
    } catch (MlxException failed) {
      if (thrown[0] instanceof RuntimeException cause) {
        throw cause;
      }
      if (thrown[0] instanceof Error cause) {
        throw cause;
      }
      throw failed;
    } finally {
      closure_h.mlx_closure_free(closure);
      Slots.give(closure);
    }
  }

  private static int traced(
      Traced function, MemorySegment results, MemorySegment inputs, Throwable[] thrown) {
    try {
      function.trace(ArrayVector.elements(inputs), arrays -> hand(results, arrays));
      return 0;
    } catch (Throwable kept) {
      thrown[0] = kept;
      return 1;
    }
  }

  private static void hand(MemorySegment results, ArrayHandle... arrays) {
    MemorySegment vector = ArrayVector.of(arrays);
    try {
      NativeCall.check("mlx_vector_array_set", vector_h.mlx_vector_array_set(results, vector));
    } finally {
      ArrayVector.free(vector);
    }
  }

  private static ArrayHandle[][] vectors(
      String name, NativeCall.PairCall call, ArrayHandle... arguments) {
    MemorySegment first = Slots.take();
    MemorySegment second = Slots.take();
    try {
      NativeCall.check(name, call.invoke(first, second), arguments);
      ArrayHandle[] values = ArrayVector.elements(first);
      try {
        return new ArrayHandle[][] {values, ArrayVector.elements(second)};
      } catch (MlxException failed) {
        close(values);
        throw failed;
      }
    } finally {
      ArrayVector.free(first);
      ArrayVector.free(second);
    }
  }
}
