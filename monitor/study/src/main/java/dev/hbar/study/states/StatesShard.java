package dev.hbar.study.states;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads matrices out of a safetensors file without MLX. */
final class StatesShard {
  private static final int BLOCK = 1 << 20;
  private static final Set<DType> STATES = Set.of(DType.FLOAT16, DType.FLOAT32);

  private final SafetensorsHeader header;

  private StatesShard(SafetensorsHeader header) {
    this.header = header;
  }

  static StatesShard open(Path file) {
    return new StatesShard(SafetensorsHeaderReader.read(file));
  }

  List<String> names() {
    return List.copyOf(header.tensors().keySet());
  }

  int height(String name) {
    return info(name).shape().getFirst();
  }

  private TensorInfo info(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new StatesException(
          header.file(), "has no " + name + "; it has " + String.join(", ", names()));
    }
    return info;
  }

  /** Copies the bytes of a tensor. */
  void copy(String name, WritableByteChannel target) throws IOException {
    TensorInfo info = info(name);
    try (FileChannel channel = FileChannel.open(header.file())) {
      for (long at = info.begin(); at < info.end(); at += BLOCK) {
        ByteBuffer block = read(channel, at, (int) Math.min(BLOCK, info.end() - at));
        while (block.hasRemaining()) {
          target.write(block);
        }
      }
    }
  }

  /** The matrix of a name, row by row. */
  float[][] matrix(String name) {
    TensorInfo info = info(name);
    if (info.shape().size() != 2 || !STATES.contains(info.dtype())) {
      throw new StatesException(
          header.file(), name + " is no matrix of states; make the folder again with hbar states");
    }
    int rows = info.shape().get(0);
    int width = info.shape().get(1);
    int rowBytes = width * info.dtype().itemSize();
    float[][] matrix = new float[rows][width];
    try (FileChannel channel = FileChannel.open(header.file())) {
      for (int row = 0; row < rows; row++) {
        ByteBuffer bytes = read(channel, info.begin() + (long) row * rowBytes, rowBytes);
        for (int k = 0; k < width; k++) {
          matrix[row][k] =
              info.dtype() == DType.FLOAT16
                  ? Float.float16ToFloat(bytes.getShort())
                  : bytes.getFloat();
          if (!Float.isFinite(matrix[row][k])) {
            throw new StatesException(
                header.file(),
                "a number of " + name + " is not finite; make the folder again with hbar states");
          }
        }
      }
    } catch (IOException e) {
      throw new StatesException(header.file(), "cannot be read: " + e.getMessage());
    }
    return matrix;
  }

  private ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    long position = header.dataStart() + at;
    while (block.hasRemaining()) {
      int read = channel.read(block, position + block.position());
      if (read < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return block.flip();
  }
}
