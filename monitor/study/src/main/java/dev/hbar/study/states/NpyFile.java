package dev.hbar.study.states;

import dev.hbar.mlx.safetensors.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** NumPy's NPY format, version 1.0: magic, header, rows. */
final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /**
   * Writes a matrix.
   *
   * @param type NumPy's name of the element type, for example {@code <f4}
   * @throws StatesException if that fails
   */
  static void write(Path file, String type, int rows, int columns, TensorSource data) {
    String shape =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s, %s), }"
            .formatted(type, Integer.toString(rows), Integer.toString(columns));
    int length = MAGIC.length + Short.BYTES + shape.length() + 1;
    String header = shape + " ".repeat(Math.floorMod(-length, ALIGNMENT)) + "\n";
    ByteBuffer start =
        ByteBuffer.allocate(MAGIC.length + Short.BYTES + header.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII))
            .flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (start.hasRemaining()) {
        channel.write(start);
      }
      data.writeTo(channel);
    } catch (IOException e) {
      throw new StatesException(file, "cannot be written: " + e.getMessage());
    }
  }
}
