package dev.hbar.mlx.safetensors;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Where the bytes of a tensor that is to be written come from. */
@FunctionalInterface
public interface TensorSource {
  /**
   * Writes the whole tensor, little-endian and row-major, in pieces of any size: some hundred
   * kilobytes each are quick and need little memory. Called once, on the thread that writes the
   * file.
   *
   * @throws IOException when the bytes cannot be had or written
   */
  void writeTo(WritableByteChannel channel) throws IOException;
}
