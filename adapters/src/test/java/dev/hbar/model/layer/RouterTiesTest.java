package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Experts that score alike: the first are chosen, however many rows there are. What torch.topk
 * chooses among equal ones is not defined, so transformers is no oracle here.
 */
@NativeTest
final class RouterTiesTest {
  private static final int EXPERTS = 64;
  private static final int K = 6;
  private static final int ROWS = 50;

  static List<Router.Rule> rules() {
    return List.of(
        new Router.SoftmaxFirst(K, true, 1),
        new Router.TopFirst(K),
        new Router.Grouped(Router.Worth.SIGMOID, K, Optional.empty(), 1, 1, true, 0, 1),
        new Router.Grouped(Router.Worth.SOFTMAX, K, Optional.empty(), 4, 4, true, 0, 1),
        new Router.Grouped(Router.Worth.SIGMOID, K, Optional.empty(), 4, 4, true, 0, 1));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void equalScores_giveTheFirstExpertsInEveryBatch(Router.Rule rule) {
    Random random = new Random(14);
    float[] scores = new float[ROWS * EXPERTS];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = i < EXPERTS ? 0 : random.nextInt(4);
    }
    try (MlxScope scope = MlxScope.open("ties")) {
      int[] together = experts(scope, rule, scores);
      for (int row = 0; row < ROWS; row++) {
        float[] own = Arrays.copyOfRange(scores, row * EXPERTS, (row + 1) * EXPERTS);
        int[] first =
            IntStream.range(0, EXPERTS)
                .boxed()
                .sorted(Comparator.comparingDouble(expert -> -own[expert]))
                .mapToInt(Integer::intValue)
                .limit(K)
                .toArray();
        assertArrayEquals(first, Arrays.copyOfRange(together, row * K, (row + 1) * K));
        assertArrayEquals(first, experts(scope, rule, own));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void expertsThatAllScoreAlike_weighTheSame(Router.Rule rule) {
    try (MlxScope scope = MlxScope.open("ties")) {
      Router.Choice choice = rule.choose(scope, scope.floats(new float[EXPERTS], 1, EXPERTS));
      for (float weight : choice.weights().toFloats()) {
        assertEquals(1f / K, weight, 1e-7f);
      }
    }
  }

  private static int[] experts(MlxScope scope, Router.Rule rule, float[] scores) {
    return rule.choose(scope, scope.floats(scores, scores.length / EXPERTS, EXPERTS))
        .experts()
        .toInts();
  }
}
