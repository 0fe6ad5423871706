package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values are those of numpy. */
@NativeTest
class MlxRawTest {
  private MlxScope s;
  private MlxArray matrix;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
    matrix = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void takeFromFlattened_isNumpysTake() {
    MlxArray taken = s.raw().call("mlx_take", matrix, s.ints(new int[] {5, 0, 3}, 3));
    assertArrayEquals(new float[] {6, 1, 4}, taken.toFloats());
  }

  @Test
  void pointerWithItsNumber_isOneArgument() {
    MlxArray turned = s.raw().call("mlx_transpose_axes", matrix, new int[] {1, 0});
    assertArrayEquals(new int[] {3, 2}, turned.shape());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, turned.toFloats());
  }

  @Test
  void numbersAndTypes_goInAsTheyAre() {
    MlxArray numbers = s.raw().call("mlx_linspace", 0.0, 1.0, 5, DType.FLOAT32);
    assertArrayEquals(new float[] {0, 0.25f, 0.5f, 0.75f, 1}, numbers.toFloats());
  }

  @Test
  void whatMlxRefuses_isItsTypedErrorAndLeaksNothing() {
    long before = Mlx.liveArrays();
    MlxException refused =
        assertThrows(MlxException.class, () -> s.raw().call("mlx_matmul", matrix, matrix));
    assertTrue(refused.getMessage().startsWith("mlx_matmul(float32[2, 3]"), refused.getMessage());
    assertEquals(before, Mlx.liveArrays());
  }

  @Test
  void argumentsThatDoNotFit_areRefusedBeforeTheCall() {
    MlxRaw raw = s.raw();
    for (Object[] wrong :
        new Object[][] {{matrix}, {matrix, 3}, {matrix, matrix, matrix}, {matrix, "sum"}}) {
      assertThrows(IllegalArgumentException.class, () -> raw.call("mlx_matmul", wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> raw.call("mlx_transpose_axes", matrix, 1L));
    assertThrows(IllegalArgumentException.class, () -> raw.call("mlx_no_such", matrix));
    assertThrows(IllegalArgumentException.class, () -> raw.call("mlx_split", matrix, 2, 0));
  }

  @Test
  void resultOfAClosedScope_isRefused() {
    MlxScope child = s.child("closed");
    MlxRaw raw = child.raw();
    child.close();
    assertThrows(IllegalStateException.class, () -> raw.call("mlx_abs", matrix));
  }

  @Test
  void functionsThatGiveNotExactlyOneArray_areAllRefused() throws IOException {
    Pattern declaration = Pattern.compile("\\* \\w+ \\*?(mlx_\\w+)\\(([^,)]*)");
    Path root = Path.of(System.getProperty("hbar.root"));
    Path generated = root.resolve("mlx-bindings/src/generated/java/dev/hbar/mlx/gen");
    int refused = 0;
    for (String header : List.of("ops", "fast", "linalg", "fft", "random")) {
      Matcher found = declaration.matcher(Files.readString(generated.resolve(header + "_h.java")));
      while (found.find()) {
        String function = found.group(1);
        String message =
            assertThrows(IllegalArgumentException.class, () -> s.raw().call(function)).getMessage();
        boolean oneArray = found.group(2).matches("mlx_array \\*res");
        assertEquals(oneArray, message.contains(" takes "), message);
        refused += oneArray ? 0 : 1;
      }
    }
    assertTrue(refused > 30, "the generated sources declare functions: " + refused);
  }
}
