package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged configs are refused or read, never anything else; the seed makes a failure repeatable.
 */
final class ConfigFuzzTest {
  private static final long SEED = 20261121;
  private static final int CASES = 1000;
  private static final String[] FIXTURES = {
    "llama3_scaled_untied", "phi3_longrope_short", "qwen3_qknorm", "mistral_window"
  };
  private static final String[] VALUES = {
    "0",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "\"x\"",
    "[]",
    "{}",
    "99999999999999999999",
    "3",
    "0.5"
  };

  @TempDir private Path folder;

  @Test
  void mutatedConfigs_areReadOrRefused() {
    Random random = new Random(SEED);
    int[] refused = new int[1];
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < CASES; i++) {
            String text = ConfigFixture.text(FIXTURES[i % FIXTURES.length]);
            byte[] bytes =
                i % 2 == 0 ? withAnotherValue(text, random) : withDamagedBytes(text, random);
            refused[0] += isRefused(i, bytes) ? 1 : 0;
          }
        });
    // Were all accepted or all refused, the fuzzer would test nothing.
    assertTrue(refused[0] > CASES / 3 && refused[0] < CASES, "refused " + refused[0]);
  }

  /** Puts another value behind one of the colons. */
  private static byte[] withAnotherValue(String text, Random random) {
    String[] parts = text.split("(?<=:)");
    int at = random.nextInt(1, parts.length);
    String value = VALUES[random.nextInt(VALUES.length)];
    parts[at] = parts[at].replaceFirst("^ *[^,{}\\[\\]\n]+", value);
    return String.join("", parts).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] withDamagedBytes(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private boolean isRefused(int number, byte[] bytes) throws IOException {
    Files.write(folder.resolve("config.json"), bytes);
    try {
      ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES);
      return false;
    } catch (CheckpointException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().contains("config.json"), e.getMessage());
      return true;
    } catch (RuntimeException e) {
      return fail("case " + number + " of seed " + SEED, e);
    }
  }
}
