package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Seeded damage to a sound file. A reader refuses it with an exception of this project whose
 * message is one printable line naming the file, or reads it; it neither hangs nor throws anything
 * else.
 */
public final class Mutants {
  /** How many damaged files each reader is given. */
  public static final int COUNT = 300;

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final String[] SPLICES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "-",
    "\n",
    "\r",
    "null",
    "NaN",
    "1e999",
    "0.5",
    "-1",
    "true",
    "99999999999999999999",
    "\\u0000",
    "\\ud83d",
    "\\u001b[2J",
    "\u001b[2J",
    "%n%s",
    "../..",
    "é",
    "[[[[[[[[",
    "{% for",
    "{{",
    "}}",
    "1e-400",
    "2147483648",
    "\"a\":1,\"a\":2",
    "__proto__"
  };
  private static final String[] VALUES = {
    "0",
    "-1",
    "1",
    "null",
    "true",
    "\"\"",
    "\"x\"",
    "\"\\u001b[2J\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "1e999",
    "-1e308",
    "0.5",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "99999999999999999999",
    "1e1000000000",
    "[".repeat(20_000),
    "\"" + "x".repeat(20_000) + "\""
  };

  private Mutants() {}

  /** Reads a file that may be damaged. */
  @FunctionalInterface
  public interface Reader {
    void read(Path file) throws IOException;
  }

  /**
   * Gives a reader {@value #COUNT} damaged files.
   *
   * @param file where the sound file lies; it is sound again in the end
   * @param head how many of its first bytes the damage aims at
   * @return how many were refused
   */
  public static int refused(Path file, int head, Reader reader) throws IOException {
    byte[] sound = Files.readAllBytes(file);
    reader.read(file);
    FuzzTarget.take(file, reader);
    Set<String> faults = new LinkedHashSet<>();
    int refused =
        assertTimeoutPreemptively(
            LONGEST,
            () -> {
              int count = 0;
              for (int seed = 0; seed < COUNT; seed++) {
                Files.write(file, of(sound, Math.min(head, sound.length), seed));
                count += isRefused(seed, file, reader, faults) ? 1 : 0;
              }
              return count;
            });
    Files.write(file, sound);
    assertEquals("", String.join("\n", faults));
    // Were all read or all refused, the damage would test nothing.
    assertTrue(refused > COUNT / 10 && refused < COUNT, refused + " refused");
    return refused;
  }

  private static boolean isRefused(int seed, Path file, Reader reader, Set<String> faults) {
    Optional<String> refusal = refusal(file, reader);
    refusal
        .filter(fault -> !fault.isEmpty())
        .ifPresent(fault -> faults.add("seed " + seed + fault));
    return refusal.isPresent();
  }

  /** Empty if the file is read, "" if it is refused as it should be, else what is wrong. */
  static Optional<String> refusal(Path file, Reader reader) {
    try {
      reader.read(file);
      return Optional.empty();
    } catch (HbarException e) {
      String message = e.getMessage();
      boolean sound = isOneLine(file.getFileName().toString(), message);
      return Optional.of(sound ? "" : " is refused with: " + ErrorText.oneLine(message));
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      StackTraceElement[] trace = e.getStackTrace();
      return Optional.of(": " + e + " at " + (trace.length > 0 ? trace[0] : "?"));
    }
  }

  /** Whether a message is one printable line that names the file and is not endless. */
  public static boolean isOneLine(String name, String message) {
    return message.contains(name)
        && message.codePoints().allMatch(ErrorText::isPrintable)
        && message.length() < 2000;
  }

  /** The damaged file of a seed. */
  public static byte[] of(byte[] sound, int head, int seed) {
    Random random = new Random(seed);
    byte[] bytes = sound.clone();
    for (int changes = random.nextInt(1, 4); changes > 0 && bytes.length > 1; changes--) {
      bytes = once(bytes, Math.min(head, bytes.length), random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, int head, Random random) {
    int at = random.nextInt(head);
    int end = Math.min(bytes.length, at + random.nextInt(1, 64));
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] = (byte) random.nextInt();
      case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(bytes, random.nextInt(4) == 0 ? at : bytes.length - end + at);
      }
      case 3 -> {
        return spliced(bytes, at, end, "");
      }
      case 4 -> {
        return spliced(bytes, at, at, new String(bytes, at, end - at, StandardCharsets.ISO_8859_1));
      }
      case 5 -> little(bytes, at, random.nextInt(3) == 0 ? random.nextLong() : -1L);
      case 6 -> {
        return spliced(bytes, at, at, SPLICES[random.nextInt(SPLICES.length)]);
      }
      default -> {
        return withAnotherValue(bytes, at, VALUES[random.nextInt(VALUES.length)]);
      }
    }
    return bytes;
  }

  private static void little(byte[] bytes, int at, long value) {
    byte[] eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    System.arraycopy(eight, 0, bytes, at, Math.min(8, bytes.length - at));
  }

  /** Puts a value in the place of what follows the next colon. */
  private static byte[] withAnotherValue(byte[] bytes, int from, String value) {
    int at = from;
    while (at < bytes.length && bytes[at] != ':') {
      at++;
    }
    int end = at + 1;
    while (end < bytes.length && ",}]\n".indexOf(bytes[end]) < 0) {
      end++;
    }
    return at < bytes.length && end <= bytes.length ? spliced(bytes, at + 1, end, value) : bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, String text) {
    byte[] put = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(bytes.length - (to - from) + put.length);
    return all.put(bytes, 0, from).put(put).put(bytes, to, bytes.length - to).array();
  }
}
