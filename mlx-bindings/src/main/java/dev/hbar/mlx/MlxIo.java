package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tensors from files into arrays, and arrays into files. The file is read by exact lengths straight
 * into MLX's own buffers: MLX's loader repeats bytes silently after a short read, trusts the
 * header, and takes a '%' in a path for a format.
 */
public final class MlxIo {
  /** Larger than the readahead of a disk, so that readers side by side still read in sequence. */
  private static final int PIECE_BYTES = 16 << 20;

  private static final long BATCH_BYTES = 64L << 20;

  private MlxIo() {}

  /**
   * The tensors of a file, evaluated, owned by {@code scope}, under the names they are given.
   *
   * @throws MlxFileException if the file ends before a tensor does
   */
  public static Map<String, MlxArray> read(
      MlxScope scope, Path file, Map<String, StoredTensor> tensors) {
    Map<String, MlxArray> arrays = new LinkedHashMap<>();
    BlankTensors blanks = BlankTensors.here();
    try (FileReaders readers = FileReaders.open(file)) {
      Map<StoredTensor, MlxArray> batch = new LinkedHashMap<>();
      long bytes = 0;
      for (Map.Entry<String, StoredTensor> wanted : tensors.entrySet()) {
        MlxArray blank = blanks.zeros(scope, wanted.getValue());
        arrays.put(wanted.getKey(), blank);
        batch.put(wanted.getValue(), blank);
        bytes += blank.byteSize();
        if (bytes >= BATCH_BYTES) {
          start(readers, scope, batch);
          batch.clear();
          bytes = 0;
        }
      }
      start(readers, scope, batch);
      readers.await();
    }
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
      FileReaders readers, MlxScope scope, Map<StoredTensor, MlxArray> batch) {
    scope.eval(batch.values().toArray(MlxArray[]::new));
    batch.forEach(
        (tensor, array) -> {
          long position = tensor.position();
          for (ByteBuffer buffer : ArrayData.pieces(array.handle(), PIECE_BYTES)) {
            readers.start(new FilePiece(position, buffer));
            position += buffer.remaining();
          }
        });
  }
}
