package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.fast_h;
import dev.hbar.mlx.gen.fft_h;
import dev.hbar.mlx.gen.linalg_h;
import dev.hbar.mlx.gen.ops_h;
import dev.hbar.mlx.gen.random_h;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Calls by name, for what is bound and has no method: functions {@code int f(mlx_array* res, ...,
 * mlx_stream s)}. Result, stream, status and error text are handled as everywhere; the rest is
 * checked for number and kind.
 */
public final class RawCalls {
  private static final List<Class<?>> HEADERS =
      List.of(ops_h.class, fast_h.class, linalg_h.class, fft_h.class, random_h.class);

  /**
   * Functions that give several arrays, or none: their first parameter is no {@code mlx_array*}.
   */
  private static final Pattern OTHER_RESULTS =
      Pattern.compile(
          "mlx_(broadcast_arrays|depends|divmod|meshgrid|quantize|split|split_sections|unstack"
              + "|unstack_axis|linalg_(eig|eigh|lu|lu_factor|qr|slogdet|svd)|random_(seed|split)"
              + "|fast_(cuda|metal)_kernel\\w*)");

  private RawCalls() {}

  /**
   * The array that the function makes.
   *
   * @param arguments between result and stream: ArrayHandle, Integer, Long, Float, Double, Boolean,
   *     String, and int[] for a pointer with its number
   * @throws IllegalArgumentException for a function that is not of that form, and for arguments
   *     that do not fit it
   */
  public static ArrayHandle array(String function, Object... arguments) {
    if (OTHER_RESULTS.matcher(function).matches()) {
      throw new IllegalArgumentException(function + " does not give exactly one array");
    }
    MethodHandle handle = (MethodHandle) member(function, "$handle");
    FunctionDescriptor form = (FunctionDescriptor) member(function, "$descriptor");
    List<Object> values = new ArrayList<>();
    List<ArrayHandle> arrays = new ArrayList<>();
    for (Object argument : arguments) {
      add(values, arrays, argument);
    }
    values.add(Execution.stream());
    requireFit(function, form, handle.type(), values, arrays);
    return NativeCall.array(
        function, out -> invoke(handle, out, values), arrays.toArray(ArrayHandle[]::new));
  }

  private static void add(List<Object> values, List<ArrayHandle> arrays, Object argument) {
    switch (argument) {
      case ArrayHandle array -> {
        values.add(array.struct());
        arrays.add(array);
      }
      case int[] numbers -> {
        values.add(Scratch.ints(numbers));
        values.add((long) numbers.length);
      }
      case String text -> values.add(CStrings.constant(text));
      default -> values.add(argument);
    }
  }

  private static Object member(String function, String part) {
    for (Class<?> header : HEADERS) {
      try {
        return header.getMethod(function + part).invoke(null);
      } catch (NoSuchMethodException elsewhere) {
        // The next header.
      } catch (ReflectiveOperationException broken) {
        throw new IllegalStateException("generated bindings of " + function, broken);
      }
    }
    throw new IllegalArgumentException(
        "no function " + function + " in ops, fast, linalg, fft or random of mlx-c");
  }

  private static void requireFit(
      String function,
      FunctionDescriptor form,
      MethodType type,
      List<Object> values,
      List<ArrayHandle> arrays) {
    List<MemoryLayout> wanted = form.argumentLayouts();
    boolean fits = type.returnType() == int.class && wanted.size() == values.size() + 1;
    int structs = 0;
    for (int i = 0; fits && i < values.size(); i++) {
      Class<?> given = MethodType.methodType(values.get(i).getClass()).unwrap().returnType();
      boolean segment = values.get(i) instanceof MemorySegment;
      Class<?> parameter = type.parameterType(i + 1);
      fits = parameter == (segment ? MemorySegment.class : given);
      structs += named(wanted.get(i + 1), "mlx_array_") ? 1 : 0;
    }
    if (!fits || structs != arrays.size() || !named(wanted.getLast(), "mlx_stream_")) {
      throw new IllegalArgumentException(
          function + " takes " + form + ", the first for its result");
    }
  }

  private static boolean named(MemoryLayout layout, String name) {
    return layout.name().filter(name::equals).isPresent();
  }

  private static int invoke(MethodHandle handle, MemorySegment out, List<Object> values) {
    List<Object> all = new ArrayList<>(values.size() + 1);
    all.add(out);
    all.addAll(values);
    try {
      return (int) handle.invokeWithArguments(all);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError("a downcall throws nothing checked", impossible);
    }
  }
}
