package dev.hbar.cli;

import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.io.Sha256;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether all ranks are about to compute the same, else they would wait for each other for ever.
 */
final class Agreement {
  private static final int INTS = 8;

  private Agreement() {}

  /**
   * Compares the model's config, the prompt and what ends the text.
   *
   * @throws CommandException in every rank, naming one that has others than rank 0
   */
  static void require(
      MlxGroup group, GenerationModel model, int[] ids, GenerationSettings settings) {
    int[] mine = digest(model, ids, settings);
    int[][] all = new int[1][];
    MlxThread.run(
        () -> {
          try (MlxScope scope = MlxScope.open("agreement")) {
            all[0] = scope.distributed().allGather(scope.ints(mine, INTS), group).toInts();
          }
        });
    for (int rank = 1; rank < group.size(); rank++) {
      if (!Arrays.equals(all[0], 0, INTS, all[0], rank * INTS, (rank + 1) * INTS)) {
        throw new CommandException(
            "rank %s has another config.json of %s, another prompt or other options than rank 0; give all the same"
                .formatted(rank, model.name()));
      }
    }
  }

  private static int[] digest(GenerationModel model, int[] ids, GenerationSettings settings) {
    try {
      MessageDigest digest = Sha256.digest();
      digest.update(Files.readAllBytes(model.config().file()));
      for (int id : ids) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, id));
      }
      digest.update(words(settings).getBytes(StandardCharsets.UTF_8));
      int[] ints = new int[INTS];
      ByteBuffer.wrap(digest.digest()).asIntBuffer().get(ints);
      return ints;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What chooses and ends tokens; a map's own order differs from process to process. */
  private static String words(GenerationSettings settings) {
    Sampling sampling = settings.sampling();
    HaltPolicy halt = settings.halt();
    return List.of(
            settings.maxTokens(),
            sampling.withLogitBias(Map.of()),
            new TreeMap<>(sampling.logitBias()),
            settings.stop(),
            halt.cutoff(),
            halt.every(),
            halt.halting())
        .toString();
  }
}
