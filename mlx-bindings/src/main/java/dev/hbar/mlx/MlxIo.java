package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights from safetensors files into arrays, and arrays into files. The file is read by exact
 * lengths straight into MLX's own buffers: MLX's loader repeats bytes silently after a short read,
 * trusts the header, and takes a '%' in a path for a format.
 */
public final class MlxIo {
  /** Larger than the readahead of a disk, so that readers side by side still read in sequence. */
  private static final int PIECE_BYTES = 16 << 20;

  private static final long BATCH_BYTES = 64L << 20;

  private MlxIo() {}

  /** All tensors of a file, by name, in file order, owned by {@code scope}. */
  public static Map<String, MlxArray> load(MlxScope scope, SafetensorsHeader header) {
    return load(scope, header, header.tensors().keySet());
  }

  /**
   * The named tensors of a file, evaluated, owned by {@code scope}.
   *
   * @throws MlxFileException if the file is shorter than its header says or changes while it is
   *     read
   */
  public static Map<String, MlxArray> load(
      MlxScope scope, SafetensorsHeader header, Collection<String> names) {
    Map<String, MlxArray> arrays = new LinkedHashMap<>();
    BlankTensors blanks = BlankTensors.here();
    try (FileReaders readers = FileReaders.open(header.file())) {
      Map<String, MlxArray> batch = new LinkedHashMap<>();
      long bytes = 0;
      for (String name : names) {
        TensorInfo info = header.tensors().get(name);
        batch.put(name, blanks.zeros(scope, info));
        bytes += info.byteSize();
        if (bytes >= BATCH_BYTES) {
          start(readers, scope, header, batch);
          arrays.putAll(batch);
          batch.clear();
          bytes = 0;
        }
      }
      start(readers, scope, header, batch);
      arrays.putAll(batch);
      readers.await();
    }
    header.requireUnchanged();
    return arrays;
  }

  /**
   * Writes the raw little-endian elements of a row-contiguous array, row by row. Evaluates. MLX's
   * memory is read in place, so that an array of any size needs no copy.
   *
   * @throws IOException when the channel cannot take them
   */
  public static void write(MlxScope scope, MlxArray array, WritableByteChannel channel)
      throws IOException {
    scope.eval(array);
    for (ByteBuffer piece : ArrayData.pieces(array.handle(), PIECE_BYTES)) {
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }

  /** Makes room for some tensors; the readers fill it while room is made for the next ones. */
  private static void start(
      FileReaders readers, MlxScope scope, SafetensorsHeader header, Map<String, MlxArray> batch) {
    scope.eval(batch.values().toArray(MlxArray[]::new));
    batch.forEach(
        (name, array) -> {
          long position = header.dataStart() + header.tensors().get(name).begin();
          for (ByteBuffer buffer : ArrayData.pieces(array.handle(), PIECE_BYTES)) {
            readers.start(new FilePiece(position, buffer));
            position += buffer.remaining();
          }
        });
  }
}
