package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeded damage to a sound file: the reader refuses it in one line or reads it, and throws nothing
 * else.
 */
class GgufFuzzTest {

  private static final int ROUNDS = 1000;

  @TempDir private Path folder;

  @Test
  void damagedFiles_areReadOrRefusedInOneLine() throws IOException {
    byte[] sound = TinyGguf.quantized().build();
    Path file = folder.resolve("model.gguf");
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Files.write(file, damage(sound, new Random(seed)));
      try {
        readAll(file);
      } catch (CheckpointException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertTrue(refused > ROUNDS / 4, "only " + refused + " were refused: the damage hits nothing");
  }

  /** Everything that a conversion does before it writes. */
  private static void readAll(Path path) {
    GgufFile file = GgufReader.read(path);
    LlamaKeys keys = LlamaKeys.read(file.metadata());
    TensorPlan plan = TensorPlan.of(file, keys);
    GgufTokenizer.read(file.metadata(), plan.vocabularySize());
    RopeScaling.read(file, keys, new float[0]);
  }

  private static byte[] damage(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    // Most of the file is weights, in which any value is sound: aim at the head.
    int head = 10_000;
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(random.nextBoolean() ? 600 : head);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> little(bytes).putLong(at, random.nextLong());
        case 3 -> little(bytes).putInt(at, -1 >>> random.nextInt(32));
        default -> bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length - head));
      }
    }
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
