package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.internal.NativeFaults;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a decode step costs the host at Llama-3.2-3B's shape, counted: times differ from machine to
 * machine, numbers of calls do not. The numbers may fall; whoever lets them rise says here why.
 */
@NativeTest
class HostStepTest {
  private static final int CACHED = 100;
  private static final int LAYERS = 28;

  /** What makes an array, or writes into one: 23 in every block. */
  private static final int OPERATIONS_OF_A_BLOCK = 23;

  /** Two of them write into the cache; what the others make is freed with the block. */
  private static final int FREED_OF_A_BLOCK = OPERATIONS_OF_A_BLOCK - 2;

  /** Embedding, final norm, head, the answer's type and place, and freeing on the way. */
  private static final int AROUND_THE_BLOCKS = 11;

  /**
   * The types of new keys and values; shape and type of a cache that is used for the first time.
   */
  private static final int QUERIES_OF_A_BLOCK = 2 + 6;

  /**
   * Shapes and types of the ids, the blocks' output and the logits; how many rows the embedding
   * has, once, and the logits, for what is taken from them.
   */
  private static final int QUERIES_AROUND_THE_BLOCKS = 18 + 2;

  @Test
  void plainLlamaStep_makesNoMoreCallsThanItHas() {
    try (CausalLm model = LazyLlama.build()) {
      Count count = count(model, CaptureRequest.NOTHING);
      assertEquals(
          LAYERS * (OPERATIONS_OF_A_BLOCK + FREED_OF_A_BLOCK) + AROUND_THE_BLOCKS, count.calls());
      assertEquals(LAYERS * QUERIES_OF_A_BLOCK + QUERIES_AROUND_THE_BLOCKS, count.queries());
    }
  }

  @Test
  void capturingOneBlocksQueries_costsThatBlockAndNoOther() {
    try (CausalLm model = LazyLlama.build()) {
      CapturePoint point = new CapturePoint.InBlock(3, BlockPart.Q_ROPE);
      long plain = count(model, CaptureRequest.NOTHING).calls();
      long tapped = count(model, new CaptureRequest(Set.of(point))).calls();
      assertTrue(tapped - plain < plain / 4, plain + " calls became " + tapped);
    }
  }

  private record Count(long calls, long queries) {}

  private static Count count(CausalLm model, CaptureRequest request) {
    try (MlxScope run = model.openRun("count");
        KvCache cache = model.newCache(run, new SequenceLength(CACHED));
        MlxScope step = run.child("step")) {
      cache.plan(step, CACHED, new int[1], MaskChoice.AUTO);
      TokenBatch token = TokenBatch.of(step, List.of(new int[] {9}), model.config().vocabSize());
      long calls = NativeFaults.calls();
      long queries = NativeFaults.queries();
      Forward forward = model.forward(step, token, cache, request);
      step.ops().argmax(forward.logits(), -1, false);
      return new Count(NativeFaults.calls() - calls, NativeFaults.queries() - queries);
    }
  }
}
