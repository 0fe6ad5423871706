package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.internal.NativeFaults;
import dev.hbar.model.family.CausalLm;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every native call may fail: loading and tracing then end in a typed error and leave nothing. */
@NativeTest
class NativeFaultTest {
  private static final int STEPS = 3;
  private static final int DENSE_HEAD = 150;
  private static final int DENSE_TAIL = 150;
  private static final int BETWEEN = 150;

  @AfterEach
  void stopFaults() {
    NativeFaults.failCall(0);
  }

  @Test
  void everyFailingCall_isATypedErrorThatLeavesNothing() throws IOException {
    int[] expected = tokens();
    MlxMemory.clearCache();
    long arrays = Mlx.liveArrays();
    long held = MlxMemory.snapshot().held();
    long before = NativeFaults.calls();
    assertArrayEquals(expected, tokens());
    long calls = NativeFaults.calls() - before;
    Random random = new Random(1);
    for (long n = 1; n <= calls; n++) {
      boolean atAnEnd = n <= DENSE_HEAD || n > calls - DENSE_TAIL;
      if (atAnEnd || random.nextDouble() * calls < BETWEEN) {
        requireCleanFailure(n);
        assertEquals(arrays, Mlx.liveArrays(), "arrays left by failing call " + n);
        MlxMemory.clearCache();
        assertEquals(held, MlxMemory.snapshot().held(), "bytes left by failing call " + n);
      }
    }
    assertArrayEquals(expected, tokens());
  }

  private static void requireCleanFailure(long n) throws IOException {
    NativeFaults.failCall(n);
    try {
      tokens();
      fail("call " + n + " failed unnoticed");
    } catch (MlxException failed) {
      assertTrue(failed.getMessage().endsWith("status 1"), failed.getMessage());
    } finally {
      NativeFaults.failCall(0);
    }
  }

  private static int[] tokens() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied")) {
      return Trace.of(model, Fixture.named("llama_tied").prompt(), STEPS, true).steps().stream()
          .mapToInt(step -> step.signals().token())
          .toArray();
    }
  }
}
