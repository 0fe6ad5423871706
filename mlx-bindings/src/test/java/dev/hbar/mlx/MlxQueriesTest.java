package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What arrays and devices say of themselves, and scalars of every type. */
@NativeTest
class MlxQueriesTest {
  @Test
  void strides_areThoseOfTheView() {
    try (MlxScope s = MlxScope.open("test")) {
      MlxArray a = s.floats(new float[24], 2, 3, 4);
      assertArrayEquals(new long[] {12, 4, 1}, a.strides());
      assertArrayEquals(new long[] {1, 4, 12}, s.shapes().transpose(a).strides());
      assertArrayEquals(new long[0], s.create().scalar(2).strides());
      assertEquals(24, a.size());
    }
  }

  @Test
  void text_isMlxsOwn() {
    try (MlxScope s = MlxScope.open("test")) {
      assertEquals(
          "array([[1, -2],\n       [3, 4]], dtype=int32)",
          s.ints(new int[] {1, -2, 3, 4}, 2, 2).toText());
    }
  }

  @Test
  void scalars_haveTheTypeOfTheirValue() {
    try (MlxScope s = MlxScope.open("test")) {
      assertEquals(DType.BOOL, s.create().scalar(true).dtype());
      assertEquals(1, s.create().scalar(true).itemInt());
      assertEquals(DType.INT32, s.create().scalar(-7).dtype());
      assertEquals(-7, s.create().scalar(-7).itemInt());
      assertEquals(0.5f, s.create().scalar(0.5f).item());
      assertEquals(DType.FLOAT64, s.create().scalar(0.25).dtype());
      MlxArray z = s.create().complex(2, -3);
      assertEquals(2, s.math().real(z).item());
      assertEquals(-3, s.math().imag(z).item());
    }
  }

  @Test
  void cpu_isThereAndNamesItself() {
    Map<String, String> notes = Mlx.deviceInfo(Device.CPU);
    assertTrue(notes.containsKey("architecture"), notes::toString);
    assertEquals(1, Mlx.deviceCount(Device.CPU));
    assertEquals(Mlx.isAvailable(Device.GPU), Mlx.deviceCount(Device.GPU) > 0);
    assertFalse(Mlx.hasMetal() && Mlx.hasCuda());
    assertEquals(Optional.empty(), Mlx.metallib());
  }

  /** This test holds MLX's thread, so another one that needed it would wait to the end of it. */
  @Test
  void constantAnswers_doNotWaitForALongTask() throws Exception {
    assertTrue(MlxThread.isOwner());
    CompletableFuture<List<Object>> answers =
        CompletableFuture.supplyAsync(
            () -> List.of(Mlx.device(), Mlx.version(), Mlx.libraryFolder(), Mlx.mlxcVersion()));
    assertEquals(4, answers.get(20, TimeUnit.SECONDS).size());
  }
}
