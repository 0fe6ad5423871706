package dev.hbar.mlx.safetensors;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged headers are refused or read, never anything else; the seed makes a failure repeatable.
 */
final class SafetensorsHeaderFuzzTest {
  private static final long SEED = 20261121;
  private static final int CASES = 1000;
  private static final String[] SPLICES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "-",
    "0",
    "1e9",
    "99999999999999999999",
    "null",
    "\\u0000",
    "\\ud83d",
    "%n",
    "F64",
    "__metadata__",
    "[[[[[[",
    "\u00e9",
    "4.7"
  };

  @TempDir private Path folder;

  private static byte[] seedFile() {
    return SafetensorsHeaderReaderTest.file(
        """
        {"__metadata__":{"format":"mlx"},\
        "model.embed_tokens.weight":{"dtype":"U32","shape":[4,2],"data_offsets":[0,32]},\
        "model.embed_tokens.scales":{"dtype":"F16","shape":[4,1],"data_offsets":[32,40]},\
        "model.norm.weight":{"dtype":"BF16","shape":[4],"data_offsets":[40,48]}}""",
        48);
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
      bytes = mutatedOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutatedOnce(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] = (byte) random.nextInt();
      case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 3 -> bytes[Math.min(at, 7)] = (byte) random.nextInt();
      default -> {
        byte[] splice = SPLICES[random.nextInt(SPLICES.length)].getBytes();
        System.arraycopy(splice, 0, bytes, at, Math.min(splice.length, bytes.length - at));
      }
    }
    return bytes;
  }

  @Test
  void mutatedHeaders_areReadOrRefused() {
    Random random = new Random(SEED);
    int[] refused = new int[1];
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < CASES; i++) {
            refused[0] += isRefused(i, mutated(seedFile(), random)) ? 1 : 0;
          }
        });
    // Most mutations hit structure; were all accepted or all refused, the fuzzer would test
    // nothing.
    assertTrue(refused[0] > CASES / 2 && refused[0] < CASES, "refused " + refused[0]);
  }

  private boolean isRefused(int number, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("fuzz.safetensors"), bytes);
    try {
      SafetensorsHeader header = SafetensorsHeaderReader.read(file);
      long size = header.tensors().values().stream().mapToLong(TensorInfo::byteSize).sum();
      assertTrue(size == header.dataSize(), "case " + number + " does not cover its data");
      return false;
    } catch (MlxFileException e) {
      assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
      return true;
    } catch (RuntimeException e) {
      return fail("case " + number + " of seed " + SEED, e);
    }
  }
}
