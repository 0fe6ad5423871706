package dev.hbar.tests;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxDistributed;
import dev.hbar.mlx.MlxDistributed.Backend;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One of several processes that compute a model together, for a child JVM. */
final class TensorRank {
  static final int STEPS = 6;
  private static final int[] PROMPT = {5, 9, 17, 2, 40, 8, 8, 31, 22, 7, 11};

  private TensorRank() {}

  /**
   * What a process found.
   *
   * @param logits of the prompt's last token and of every greedy step
   * @param bytes of weights that it holds
   */
  record Found(float[][] logits, long bytes) {}

  /** Arguments: a folder for the results, then checkpoints. */
  public static void main(String[] arguments) {
    MlxThread.run(
        () -> {
          MlxGroup group = MlxDistributed.init(Backend.RING);
          for (int i = 1; i < arguments.length; i++) {
            try {
              Path result = Path.of(arguments[0], i + "." + group.rank());
              write(result, decoded(Path.of(arguments[i]), Optional.of(group)));
            } catch (CheckpointException refused) {
              System.out.println(refused.getMessage());
            }
          }
        });
  }

  /** Greedy steps after a prompt. */
  static Found decoded(Path checkpoint, Optional<MlxGroup> group) {
    long before = MlxMemory.snapshot().active();
    try (CausalLm model = loader(checkpoint, group).load(options())) {
      long bytes = MlxMemory.snapshot().active() - before;
      return new Found(greedy(model), bytes);
    }
  }

  private static ModelLoader loader(Path checkpoint, Optional<MlxGroup> group) {
    ModelLoader whole = ModelLoader.of(CheckpointDirectory.of(checkpoint));
    return group.map(whole::spreadOver).orElse(whole);
  }

  private static LoadOptions options() {
    return new LoadOptions(new Compute(WeightForm.PACKED, DType.FLOAT32), MaskChoice.AUTO);
  }

  private static float[][] greedy(CausalLm model) {
    float[][] logits = new float[STEPS][];
    try (MlxScope run = model.openRun("greedy")) {
      KvCache cache = Loaded.cache(model, run, List.of(PROMPT));
      int[] next = PROMPT;
      for (int step = 0; step < STEPS; step++) {
        TokenBatch batch = TokenBatch.of(run, List.of(next), model.config().vocabSize());
        logits[step] = model.forward(run, batch, cache, CaptureRequest.NOTHING).logits().toFloats();
        next = new int[] {best(logits[step])};
      }
    }
    return logits;
  }

  static int best(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    return best;
  }

  private static void write(Path file, Found found) {
    int width = found.logits()[0].length;
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + STEPS * width * Float.BYTES);
    bytes.putLong(found.bytes());
    for (float[] row : found.logits()) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    try {
      Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Found read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    long held = bytes.getLong();
    int width = bytes.remaining() / Float.BYTES / STEPS;
    float[][] logits = new float[STEPS][width];
    for (float[] row : logits) {
      for (int i = 0; i < width; i++) {
        row[i] = bytes.getFloat();
      }
    }
    return new Found(logits, held);
  }
}
