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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every native call may fail: loading and tracing then end in a typed error, leave nothing, and the
 * next model works. {@code scripts/attack/faults calls} lets each call fail; here it is some of
 * them.
 */
@NativeTest
class NativeFaultTest {
  private static final int STEPS = 3;

  /** 1 for every call; otherwise those at both ends, where scopes open and close, and each n-th. */
  private static final int EVERY = Integer.getInteger("hbar.faults.every", 67);

  private static final int DENSE_ENDS = 20;

  @AfterEach
  void stopFaults() {
    NativeFaults.failCall(0);
  }

  /** Attention; a mixture of experts; a state space with experts; convolutions; delta rule. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_tied",
        "qwen3_moe_raw",
        "granitemoehybrid_moe",
        "lfm2_tied",
        "qwen3_next_published"
      })
  void everyFailingCall_isATypedErrorThatLeavesNothing(String name) throws IOException {
    int[] expected = tokens(name);
    MlxMemory.clearCache();
    long arrays = Mlx.liveArrays();
    long held = MlxMemory.snapshot().held();
    long before = NativeFaults.calls();
    assertArrayEquals(expected, tokens(name));
    long calls = NativeFaults.calls() - before;
    int tried = 0;
    for (long n = 1; n <= calls; n++) {
      boolean atAnEnd = n <= DENSE_ENDS || n > calls - DENSE_ENDS;
      if (atAnEnd || n % EVERY == 0) {
        requireCleanFailure(name, n);
        assertEquals(arrays, Mlx.liveArrays(), "arrays left by failing call " + n);
        MlxMemory.clearCache();
        assertEquals(held, MlxMemory.snapshot().held(), "bytes left by failing call " + n);
        assertArrayEquals(expected, tokens(name), "tokens after failing call " + n);
        tried++;
      }
    }
    System.out.printf("%s: %d of %d native calls failed in turn%n", name, tried, calls);
  }

  private static void requireCleanFailure(String name, long n) throws IOException {
    NativeFaults.failCall(n);
    try {
      tokens(name);
      fail("call " + n + " failed unnoticed");
    } catch (MlxException failed) {
      assertTrue(failed.getMessage().endsWith("status 1"), failed.getMessage());
    } finally {
      NativeFaults.failCall(0);
    }
  }

  private static int[] tokens(String name) throws IOException {
    try (CausalLm model = Loaded.model(name)) {
      return Trace.of(model, Fixture.named(name).prompt(), STEPS, true).steps().stream()
          .mapToInt(step -> step.signals().token())
          .toArray();
    }
  }
}
