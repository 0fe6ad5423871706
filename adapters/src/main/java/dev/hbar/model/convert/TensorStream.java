package dev.hbar.model.convert;

import dev.hbar.mlx.safetensors.TensorSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Streams one tensor of the GGUF file through a codec, some rows at a time.
 *
 * @param file the GGUF file, open while this is used
 * @param tensor where the rows lie
 * @param order which row comes where
 * @param codec what becomes of a row
 * @param outRowBytes bytes of a row of the result
 */
record TensorStream(
    FileChannel file, GgufTensor tensor, RowOrder order, RowCodec codec, int outRowBytes)
    implements TensorSource {

  private static final int CHUNK_BYTES = 1 << 20;

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    int rowBytes = Math.toIntExact(tensor.bytes() / tensor.rows());
    // A head is the unit of reordering, so it is read as a whole.
    int groupRows = order.isSame() ? Math.max(1, CHUNK_BYTES / rowBytes) : order.headRows();
    ByteBuffer in = littleEndian(Math.multiplyExact(groupRows, rowBytes));
    ByteBuffer out = littleEndian(Math.multiplyExact(groupRows, outRowBytes));
    for (int first = 0; first < tensor.rows(); first += groupRows) {
      int rows = Math.min(groupRows, tensor.rows() - first);
      fill(in.clear().limit(rows * rowBytes), tensor.offset() + (long) first * rowBytes);
      out.clear();
      for (int row = 0; row < rows; row++) {
        int start = order.source(row) * rowBytes;
        codec.convert(in.limit(start + rowBytes).position(start), out);
      }
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }
  }

  private void fill(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int read = file.read(buffer, at);
      if (read < 0) {
        throw new EOFException("the GGUF file became shorter while it was read");
      }
      at += read;
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
