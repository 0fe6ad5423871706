package dev.hbar.mlx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The calls of operations.json, made on a scope. */
final class OperationCases {
  private OperationCases() {}

  static List<JsonNode> all() throws IOException {
    try (InputStream in = OperationCases.class.getResourceAsStream("/operations.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false).toList();
    }
  }

  /** The one method that the name and the arguments of a case fit. */
  static Method method(JsonNode one) {
    String[] op = one.get("op").asText().split("\\.");
    JsonNode args = one.get("args");
    try {
      Class<?> facet = MlxScope.class.getMethod(op[0]).getReturnType();
      List<Method> fitting =
          Arrays.stream(facet.getMethods())
              .filter(m -> m.getName().equals(op[1]) && m.getParameterCount() == args.size())
              .filter(m -> fits(m, args))
              .toList();
      if (fitting.size() != 1) {
        throw new AssertionError(op[1] + args + " fits " + fitting);
      }
      return fitting.getFirst();
    } catch (NoSuchMethodException missing) {
      throw new AssertionError(missing);
    }
  }

  /** What the call of a case gives, one array or several. */
  static List<MlxArray> call(MlxScope scope, JsonNode one) {
    Method method = method(one);
    Object[] args = new Object[method.getParameterCount()];
    Arrays.setAll(
        args, i -> value(scope, method.getGenericParameterTypes()[i], one.get("args").get(i)));
    try {
      Object facet = MlxScope.class.getMethod(one.get("op").asText().split("\\.")[0]).invoke(scope);
      Object result = method.invoke(facet, args);
      return result instanceof MlxArray array
          ? List.of(array)
          : ((List<?>) result).stream().map(MlxArray.class::cast).toList();
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(thrown);
    } catch (ReflectiveOperationException broken) {
      throw new AssertionError(broken);
    }
  }

  /** Elements as numbers; of a complex array real and imaginary parts in turn. */
  static double[] numbers(MlxArray array) {
    if (array.dtype() == DType.COMPLEX64) {
      ByteBuffer bytes = ByteBuffer.wrap(array.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return IntStream.range(0, bytes.capacity() / 4)
          .mapToDouble(i -> bytes.getFloat(4 * i))
          .toArray();
    }
    float[] values = array.toFloats();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static boolean fits(Method method, JsonNode args) {
    Class<?>[] types = method.getParameterTypes();
    return IntStream.range(0, types.length).allMatch(i -> fits(types[i], args.get(i)));
  }

  private static boolean fits(Class<?> type, JsonNode arg) {
    if (type == Optional.class) {
      return arg.isNull() || arg.isObject() || arg.isNumber();
    }
    if (type == MlxArray.class) {
      return arg.isObject();
    }
    if (type == boolean.class) {
      return arg.isBoolean();
    }
    if (type == int.class) {
      return arg.isInt();
    }
    if (type == int[].class || type == MlxArray[].class) {
      return arg.isArray()
          && (arg.isEmpty() || arg.get(0).isObject() == (type == MlxArray[].class));
    }
    return type.isPrimitive() ? arg.isNumber() : arg.isTextual();
  }

  private static Object value(MlxScope scope, Type type, JsonNode arg) {
    if (type instanceof ParameterizedType optional) {
      return arg.isNull()
          ? Optional.empty()
          : Optional.of(value(scope, optional.getActualTypeArguments()[0], arg));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == MlxArray.class) {
      return array(scope, arg);
    }
    if (plain == MlxArray[].class) {
      return StreamSupport.stream(arg.spliterator(), false)
          .map(each -> array(scope, each))
          .toArray(MlxArray[]::new);
    }
    if (plain == int[].class) {
      return IntStream.range(0, arg.size()).map(i -> arg.get(i).asInt()).toArray();
    }
    if (plain == Mask.class) {
      return Mask.NONE;
    }
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .filter(constant -> constant.toString().equals(arg.asText()))
          .findFirst()
          .orElseThrow();
    }
    return number(plain, arg);
  }

  private static Object number(Class<?> type, JsonNode arg) {
    return switch (type.getSimpleName()) {
      case "int" -> arg.asInt();
      case "boolean" -> arg.asBoolean();
      case "double" -> arg.asDouble();
      case "float", "Float" -> (float) arg.asDouble();
      default -> arg.asText();
    };
  }

  private static MlxArray array(MlxScope scope, JsonNode arg) {
    DType dtype = DType.valueOf(arg.get("dtype").asText().toUpperCase(Locale.ROOT));
    JsonNode values = arg.get("values");
    int[] shape =
        IntStream.range(0, arg.get("shape").size())
            .map(i -> arg.get("shape").get(i).asInt())
            .toArray();
    int width = dtype == DType.COMPLEX64 ? 4 : dtype.itemSize();
    ByteBuffer bytes = ByteBuffer.allocate(values.size() * width).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode each : values) {
      if (dtype == DType.FLOAT32 || dtype == DType.COMPLEX64) {
        bytes.putFloat((float) expected(each));
      } else if (width == 4) {
        bytes.putInt((int) each.asLong());
      } else {
        bytes.put((byte) (each.isBoolean() ? (each.asBoolean() ? 1 : 0) : each.asInt()));
      }
    }
    return scope.bytes(bytes.flip(), dtype, shape);
  }

  static double expected(JsonNode value) {
    return switch (value.asText()) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "true" -> 1;
      case "false" -> 0;
      default -> value.asDouble();
    };
  }
}
