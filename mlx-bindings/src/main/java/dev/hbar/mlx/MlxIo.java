package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights from safetensors files into arrays, and arrays into files. The file is read by exact
 * lengths straight into MLX's own buffers: MLX's loader repeats bytes silently after a short read,
 * trusts the header, and takes a '%' in a path for a format.
 */
public final class MlxIo {
  private static final int PIECE_BYTES = 4 << 20;

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
    for (String name : names) {
      TensorInfo info = header.tensors().get(name);
      int[] shape = info.shape().stream().mapToInt(Integer::intValue).toArray();
      arrays.put(name, scope.ops().zeros(info.dtype(), shape));
    }
    scope.eval(arrays.values().toArray(MlxArray[]::new));
    List<FilePiece> pieces = new ArrayList<>();
    arrays.forEach((name, array) -> addPieces(pieces, header, name, array));
    FilePiece.readAll(header.file(), pieces);
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

  private static void addPieces(
      List<FilePiece> pieces, SafetensorsHeader header, String name, MlxArray array) {
    long position = header.dataStart() + header.tensors().get(name).begin();
    for (ByteBuffer buffer : ArrayData.pieces(array.handle(), PIECE_BYTES)) {
      pieces.add(new FilePiece(position, buffer));
      position += buffer.remaining();
    }
  }
}
