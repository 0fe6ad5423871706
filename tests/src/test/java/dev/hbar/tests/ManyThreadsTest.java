package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nine hundred virtual threads and eight of the system on one model, alone and in a batch, that
 * read on, cancel, are cancelled or interrupted, close early, or find the batch closed.
 */
@ExtendWith(LeavesNoArrays.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ManyThreadsTest {
  private static final int TEXTS = 1000;
  private static final int PLATFORM = 8;
  private static final int TOKENS = 4;
  private static final GenerationSettings FOUR =
      GenerationSettings.builder().maxTokens(TOKENS).build();

  @TempDir Path folder;

  /** Whole texts, and those that ended early or with a typed error. */
  private record Ends(AtomicInteger whole, AtomicInteger early, AtomicInteger refused) {}

  @Test
  void manyThreadsAtRandomMoments_getTheirTextOrATypedError() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    int[] prompt = fixture.prompt();
    Ends ends = new Ends(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
    try (GenerationModel model = GenerationModel.open(fixture.withTokenizer(folder).toString());
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService platform = Executors.newFixedThreadPool(PLATFORM)) {
      int[] alone = ids(model.generate(prompt, FOUR, TokenListener.NONE));
      GenerationBatch batch = new GenerationBatch(model, PLATFORM);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < TEXTS; i++) {
        int way = i;
        ExecutorService threads = i % 10 == 0 ? platform : virtual;
        all.add(threads.submit(() -> use(model, batch, way, prompt, alone, ends)));
      }
      for (Future<?> early : all.subList(0, TEXTS / 4)) {
        early.get();
      }
      batch.close();
      for (Future<?> one : all) {
        one.get();
      }
      assertArrayEquals(alone, ids(model.generate(prompt, FOUR, TokenListener.NONE)));
    }
    int whole = ends.whole().get();
    assertEquals(TEXTS, whole + ends.early().get() + ends.refused().get());
    assertTrue(whole > 0 && ends.early().get() > 0 && ends.refused().get() > 0, "" + ends);
  }

  private static Object use(
      GenerationModel model, GenerationBatch batch, int way, int[] prompt, int[] alone, Ends ends)
      throws Exception {
    Random random = new Random(way);
    int most = random.nextInt(3) == 0 ? random.nextInt(TOKENS) : TOKENS + 1;
    Generation text = way % 5 == 1 ? model.start(prompt, FOUR) : batch.start(prompt, FOUR);
    try (text) {
      int[] ids = read(text, most, random.nextInt(3));
      assertArrayEquals(Arrays.copyOf(alone, ids.length), ids, "text " + way);
      (ids.length == TOKENS ? ends.whole() : ends.early()).incrementAndGet();
    } catch (GenerationException.ModelClosed | GenerationException.Interrupted typed) {
      ends.refused().incrementAndGet();
    }
    return alone;
  }

  /**
   * Reads so many tokens; if those are not all, it cancels, has it cancelled, or is interrupted.
   */
  private static int[] read(Generation text, int most, int way) throws Exception {
    for (int i = 0; i < most && text.next().isPresent(); i++) {}
    if (most < TOKENS) {
      switch (way) {
        case 0 -> text.cancel();
        case 1 -> Thread.ofVirtual().start(text::cancel);
        default -> Thread.currentThread().interrupt();
      }
      try {
        while (text.next().isPresent()) {}
      } finally {
        Thread.interrupted();
      }
    }
    return ids(text.result());
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }
}
