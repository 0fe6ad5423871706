package dev.hbar.model.convert;

import dev.hbar.mlx.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Lets whole little-endian values pass that are finite numbers, or no floats at all. */
final class FiniteChannel implements WritableByteChannel {
  /** A value that is NaN or infinite. */
  static final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFiniteException(float value) {
      super("holds " + value);
    }
  }

  private final WritableByteChannel target;
  private final DType dtype;

  FiniteChannel(WritableByteChannel target, DType dtype) {
    this.target = target;
    this.dtype = dtype;
  }

  @Override
  public int write(ByteBuffer values) throws IOException {
    int bytes = values.remaining();
    if (dtype.isFloating()) {
      require(values.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
    while (values.hasRemaining()) {
      target.write(values);
    }
    return bytes;
  }

  private void require(ByteBuffer values) {
    while (values.hasRemaining()) {
      float value =
          switch (dtype) {
            case FLOAT16 -> Float.float16ToFloat(values.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(values.getShort() << Short.SIZE);
            default -> values.getFloat();
          };
      if (!Float.isFinite(value)) {
        throw new NotFiniteException(value);
      }
    }
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
