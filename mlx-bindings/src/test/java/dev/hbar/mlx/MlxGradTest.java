package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NativeTest
class MlxGradTest {
  private MlxScope s;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
  }

  @AfterEach
  void close() {
    s.close();
  }

  /** sum(tanh(x w)): by w it is x transposed times (1 - tanh^2), by x that times w transposed. */
  private static List<MlxArray> loss(MlxScope trace, List<MlxArray> inputs) {
    MlxArray product = trace.ops().matmul(inputs.get(0), inputs.get(1));
    return List.of(trace.reduce().sum(trace.math().tanh(product), false));
  }

  @Test
  void gradients_areThoseOfTheClosedForm() {
    MlxArray x = s.floats(new float[] {0.1f, -0.2f, 0.3f, 0.4f, 0.5f, -0.6f}, 2, 3);
    MlxArray w = s.floats(new float[] {1, -2, 0.5f}, 3, 1);
    MlxGrad.Derivative found = s.grad().valueAndGrad(MlxGradTest::loss, new int[] {0, 1}, x, w);
    double first = 0.1 + 0.4 + 0.15;
    double second = 0.4 - 1 - 0.3;
    float a = (float) (1 - Math.pow(Math.tanh(first), 2));
    float b = (float) (1 - Math.pow(Math.tanh(second), 2));
    assertEquals(Math.tanh(first) + Math.tanh(second), found.values().getFirst().item(), 1e-6);
    assertArrayEquals(
        new float[] {a, -2 * a, 0.5f * a, b, -2 * b, 0.5f * b},
        found.derivatives().get(0).toFloats(),
        1e-6f);
    assertArrayEquals(
        new float[] {0.1f * a + 0.4f * b, -0.2f * a + 0.5f * b, 0.3f * a - 0.6f * b},
        found.derivatives().get(1).toFloats(),
        1e-6f);
  }

  @Test
  void gradientByOneInput_leavesTheOtherOut() {
    MlxArray x = s.floats(new float[] {1, 2}, 1, 2);
    MlxArray w = s.floats(new float[] {0, 0}, 2, 1);
    MlxGrad.Derivative found = s.grad().valueAndGrad(MlxGradTest::loss, new int[] {1}, x, w);
    assertEquals(1, found.derivatives().size());
    assertArrayEquals(new float[] {1, 2}, found.derivatives().getFirst().toFloats());
  }

  private static List<MlxArray> quotient(MlxScope trace, List<MlxArray> inputs) {
    return List.of(trace.ops().divide(inputs.get(0), inputs.get(1)));
  }

  @Test
  void products_withTheJacobianHaveTheirDirection() {
    List<MlxArray> at = List.of(s.floats(new float[] {6, 8}, 2), s.floats(new float[] {2, 4}, 2));
    MlxArray one = s.floats(new float[] {1, 10}, 2);
    MlxGrad.Derivative back = s.grad().vjp(MlxGradTest::quotient, at, List.of(one));
    assertArrayEquals(new float[] {3, 2}, back.values().getFirst().toFloats());
    assertArrayEquals(new float[] {0.5f, 2.5f}, back.derivatives().get(0).toFloats());
    assertArrayEquals(new float[] {-1.5f, -5}, back.derivatives().get(1).toFloats());
    MlxGrad.Derivative along =
        s.grad().jvp(MlxGradTest::quotient, at, List.of(one, s.floats(new float[] {2, 0}, 2)));
    assertArrayEquals(new float[] {-2.5f, 2.5f}, along.derivatives().getFirst().toFloats());
  }

  @Test
  void exceptionInTheFunction_comesOutAndLeavesNothing() {
    IllegalStateException thrown = new IllegalStateException("mine");
    MlxArray x = s.floats(new float[] {1, 2}, 2);
    long before = Mlx.liveArrays();
    MlxGrad.Traced failing =
        (trace, inputs) -> {
          trace.ops().exp(inputs.getFirst());
          throw thrown;
        };
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class, () -> s.grad().valueAndGrad(failing, new int[] {0}, x)));
    assertEquals(before, Mlx.liveArrays());
    assertArrayEquals(new float[] {1, 2}, x.toFloats());
  }

  @Test
  void mlxErrorInTheFunction_isTheErrorOfItsCall() {
    MlxArray x = s.floats(new float[] {1, 2}, 2);
    MlxGrad.Traced failing =
        (trace, inputs) -> List.of(trace.ops().reshape(inputs.getFirst(), 3, 5));
    MlxException failed =
        assertThrows(MlxException.class, () -> s.grad().valueAndGrad(failing, new int[] {0}, x));
    assertEquals("mlx_reshape", failed.function());
  }

  @Test
  void valueThatIsNoScalar_isRefusedByMlx() {
    MlxArray x = s.floats(new float[] {1, 2}, 2);
    MlxException failed =
        assertThrows(
            MlxException.class,
            () ->
                s.grad()
                    .valueAndGrad(
                        (trace, in) -> List.of(trace.ops().exp(in.getFirst())), new int[] {0}, x));
    assertEquals("mlx_closure_value_and_grad_apply", failed.function());
  }

  @Test
  void derivativeOfADerivative_isTheSecondOne() {
    MlxArray x = s.floats(new float[] {3});
    MlxGrad.Traced cube =
        (trace, in) ->
            List.of(trace.ops().multiply(in.getFirst(), trace.ops().square(in.getFirst())));
    MlxGrad.Traced slope =
        (trace, in) -> trace.grad().valueAndGrad(cube, new int[] {0}, in.getFirst()).derivatives();
    MlxGrad.Derivative second = s.grad().valueAndGrad(slope, new int[] {0}, x);
    assertEquals(27, second.values().getFirst().item());
    assertEquals(18, second.derivatives().getFirst().item());
  }

  /** sum(x y) and x + y, of vectors. */
  private static List<MlxArray> dotAndSum(MlxScope trace, List<MlxArray> inputs) {
    MlxArray product = trace.ops().multiply(inputs.get(0), inputs.get(1));
    MlxArray sum = trace.ops().add(inputs.get(0), inputs.get(1));
    return List.of(trace.reduce().sum(product, false), sum);
  }

  @Test
  void mappedFunction_isThatOfEveryRowAndColumn() {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    MlxArray y = s.floats(new float[] {1, 10, 2, 20, 3, 30}, 3, 2);
    List<MlxArray> found =
        s.grad().vmap(MlxGradTest::dotAndSum, new int[] {0, 1}, new int[] {0, 1}, x, y);
    assertArrayEquals(new float[] {14, 320}, found.get(0).toFloats());
    assertArrayEquals(new int[] {3, 2}, found.get(1).shape());
    assertArrayEquals(new float[] {2, 14, 4, 25, 6, 36}, found.get(1).toFloats());
  }

  @Test
  void inputThatIsTheSame_goesIntoEveryPlace() {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4}, 2, 2);
    MlxArray y = s.floats(new float[] {10, 1}, 2);
    List<MlxArray> found =
        s.grad().vmap(MlxGradTest::dotAndSum, new int[] {0, MlxGrad.SAME}, new int[] {0, 0}, x, y);
    assertArrayEquals(new float[] {12, 34}, found.get(0).toFloats());
  }

  @Test
  void throwInsideTheMappedFunction_comesOutAndLeaksNothing() {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4}, 2, 2);
    long before = Mlx.liveArrays();
    IllegalStateException thrown = new IllegalStateException("mine");
    IllegalStateException found =
        assertThrows(
            IllegalStateException.class,
            () ->
                s.grad()
                    .vmap(
                        (trace, inputs) -> {
                          trace.ops().exp(inputs.getFirst());
                          throw thrown;
                        },
                        new int[] {0},
                        new int[] {0},
                        x));
    assertSame(thrown, found);
    assertEquals(before, Mlx.liveArrays());
  }

  @Test
  void axesThatAreNotThere_areRefusedAndLeakNothing() {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4}, 2, 2);
    MlxArray longer = s.floats(new float[] {1, 2, 3}, 3);
    long before = Mlx.liveArrays();
    MlxGrad grad = s.grad();
    int[] first = {0};
    int[] both = {0, 0};
    assertThrows(
        IllegalArgumentException.class,
        () -> grad.vmap(MlxGradTest::dotAndSum, new int[] {0, 2}, both, x, x));
    assertThrows(
        IllegalArgumentException.class, () -> grad.vmap(MlxGradTest::dotAndSum, both, first, x, x));
    assertThrows(
        MlxException.class, () -> grad.vmap(MlxGradTest::dotAndSum, both, both, x, longer));
    assertEquals(before, Mlx.liveArrays());
  }
}
