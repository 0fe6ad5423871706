package dev.hbar.mlx.safetensors;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum of what hbar writes: CRC-32C as eight hexadecimal digits. It shows that a byte was
 * changed by accident or by hand; it protects against nobody who makes it anew.
 */
public final class Checksum {
  private final CRC32C sum = new CRC32C();

  /** The checksum of nothing yet. */
  public Checksum() {}

  /** The checksum of a text's UTF-8 bytes. */
  public static String of(String text) {
    Checksum checksum = new Checksum();
    checksum.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    return checksum.digits();
  }

  /** Adds the bytes that are left in a buffer, which stays as it is. */
  public void add(ByteBuffer bytes) {
    sum.update(bytes.duplicate());
  }

  /** The digits of what was added. */
  public String digits() {
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
