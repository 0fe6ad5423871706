package dev.hbar.study.states;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.Checksum;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.study.StudyException;
import dev.hbar.study.parquet.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The matrices in a safetensors file, read without MLX. */
final class MatrixFile {
  private static final int BLOCK = 1 << 20;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final Set<DType> STATES = Set.of(DType.FLOAT16, DType.FLOAT32);

  private final SafetensorsHeader header;

  private MatrixFile(SafetensorsHeader header) {
    this.header = header;
  }

  static MatrixFile open(Path file) {
    return new MatrixFile(SafetensorsHeaderReader.read(file));
  }

  List<String> names() {
    return List.copyOf(header.tensors().keySet());
  }

  int height(String name) {
    return info(name).shape().getFirst();
  }

  int width(String name) {
    return info(name).shape().get(1);
  }

  private TensorInfo info(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new StudyException(
          header.file(), "has no " + name + "; it has " + String.join(", ", names()));
    }
    return info;
  }

  /** Copies the bytes of a tensor; what was copied is worth nothing if this throws. */
  void copy(String name, WritableByteChannel target) throws IOException {
    TensorInfo info = info(name);
    Checksum sum = new Checksum();
    try (FileChannel channel = FileChannel.open(header.file())) {
      for (long at = info.begin(); at < info.end(); at += BLOCK) {
        ByteBuffer block = read(channel, at, (int) Math.min(BLOCK, info.end() - at));
        sum.add(block);
        while (block.hasRemaining()) {
          target.write(block);
        }
      }
    }
    header.requireSum(name, sum);
  }

  /** The matrix of a name, row by row. */
  float[][] matrix(String name) {
    List<float[]> rows = new ArrayList<>();
    try {
      rows(name, row -> rows.add(row.clone()));
    } catch (IOException e) {
      throw new StudyException(
          header.file(),
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
    return rows.toArray(float[][]::new);
  }

  /** Hands every row of a matrix to a target; they are worth nothing if this throws. */
  void rows(String name, Column.Target target) throws IOException {
    TensorInfo info = info(name);
    if (info.shape().size() != 2 || !STATES.contains(info.dtype())) {
      throw new StudyException(
          header.file(), name + " is no matrix of states; make the folder again with hbar states");
    }
    int width = info.shape().get(1);
    int rowBytes = width * info.dtype().itemSize();
    float[] values = new float[width];
    Checksum sum = new Checksum();
    try (FileChannel channel = FileChannel.open(header.file())) {
      for (int row = 0; row < info.shape().get(0); row++) {
        ByteBuffer bytes = read(channel, info.begin() + (long) row * rowBytes, rowBytes);
        sum.add(bytes);
        for (int k = 0; k < width; k++) {
          values[k] =
              info.dtype() == DType.FLOAT16
                  ? Float.float16ToFloat(bytes.getShort())
                  : bytes.getFloat();
          if (!Float.isFinite(values[k])) {
            throw new StudyException(
                header.file(),
                "a number of " + name + " is not finite; make the folder again with hbar states");
          }
        }
        target.take(values);
      }
    }
    header.requireSum(name, sum);
  }

  /**
   * Writes a matrix as an NPY file, NumPy's format, version 1.0: magic, header, rows.
   *
   * @throws StudyException if that fails
   */
  void writeNpy(String name, Path file) {
    TensorInfo info = info(name);
    String type = info.dtype() == DType.FLOAT16 ? "<f2" : "<f4";
    String shape =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s, %s), }"
            .formatted(
                type, Integer.toString(info.shape().get(0)), Integer.toString(info.shape().get(1)));
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
      copy(name, channel);
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be written (" + ErrorText.reason(e) + "); make room, or choose another folder");
    }
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
