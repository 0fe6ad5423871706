package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Every operation against the values of NumPy and SciPy, which scripts/fixtures/operations.py
 * writes down.
 */
@NativeTest
class OperationsTest {
  /** What takes no array or gives none; {@link MlxOpsTest} and {@link MlxQueriesTest} have them. */
  private static final Set<String> ELSEWHERE = Set.of("sliceUpdate", "scalar", "complex");

  private static final List<Class<?>> FACETS =
      List.of(
          ElementOps.class,
          MlxOps.class,
          MlxMath.class,
          MlxLogic.class,
          MlxReduce.class,
          MlxScan.class,
          MlxShape.class,
          MlxCreate.class,
          MlxIndex.class,
          MlxProducts.class,
          MlxLinalg.class,
          MlxFft.class,
          MlxConv.class);

  @Test
  void operations_giveTheValuesOfNumpy() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : OperationCases.all()) {
      try (MlxScope scope = MlxScope.open("case")) {
        difference(scope, one).ifPresent(text -> wrong.add(one.get("op").asText() + ": " + text));
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyOperation_hasACase() throws IOException {
    Set<Method> tested = new HashSet<>();
    OperationCases.all().forEach(one -> tested.add(OperationCases.method(one)));
    Set<String> untested = new TreeSet<>();
    for (Class<?> facet : FACETS) {
      Arrays.stream(facet.getDeclaredMethods())
          .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
          .filter(m -> !tested.contains(m) && !ELSEWHERE.contains(m.getName()))
          .forEach(m -> untested.add(m.toString()));
    }
    assertEquals(Set.of(), untested);
  }

  private static Optional<String> difference(MlxScope scope, JsonNode one) {
    List<MlxArray> results;
    try {
      results = MlxStream.defaultOf(Device.CPU).call(() -> OperationCases.call(scope, one));
    } catch (RuntimeException failed) {
      return Optional.of(failed.toString());
    }
    JsonNode expected = one.get("expected");
    if (results.size() != expected.size()) {
      return Optional.of(results.size() + " results");
    }
    return IntStream.range(0, expected.size())
        .mapToObj(i -> difference(results.get(i), expected.get(i), one))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> difference(MlxArray result, JsonNode expected, JsonNode one) {
    int[] shape =
        StreamSupport.stream(expected.get("shape").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    if (!Arrays.equals(shape, result.shape())) {
      return Optional.of(result + " has not the shape " + Arrays.toString(shape));
    }
    double[] found = comparable(OperationCases.numbers(result), one);
    double[] wanted =
        comparable(
            StreamSupport.stream(expected.get("values").spliterator(), false)
                .mapToDouble(OperationCases::expected)
                .toArray(),
            one);
    double tolerance = one.get("tolerance").asDouble();
    for (int i = 0; i < wanted.length; i++) {
      boolean close =
          Double.compare(found[i], wanted[i]) == 0
              || Math.abs(found[i] - wanted[i]) <= tolerance * (0.1 + Math.abs(wanted[i]));
      if (!close) {
        return Optional.of("element " + i + " is " + found[i] + ", not " + wanted[i]);
      }
    }
    return Optional.empty();
  }

  /** Without what a case leaves free: the signs, or the order. */
  private static double[] comparable(double[] values, JsonNode one) {
    return switch (one.get("check").asText()) {
      case "absolute" -> Arrays.stream(values).map(Math::abs).toArray();
      case "sorted" -> Arrays.stream(values).sorted().toArray();
      default -> values;
    };
  }
}
