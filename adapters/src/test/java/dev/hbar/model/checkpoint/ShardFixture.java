package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Shards whose tensors are all zero. */
final class ShardFixture {
  private ShardFixture() {}

  /** A shard of float32 tensors with one element each. */
  static Path shard(Path file, String... names) {
    TensorToWrite[] tensors =
        Arrays.stream(names)
            .map(name -> zeros(name, DType.FLOAT32, 1))
            .toArray(TensorToWrite[]::new);
    return shard(file, tensors);
  }

  static Path shard(Path file, TensorToWrite... tensors) {
    SafetensorsWriter.write(file, Map.of(), List.of(tensors));
    return file;
  }

  static TensorToWrite zeros(String name, DType dtype, Integer... shape) {
    int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return new TensorToWrite(
        name,
        dtype,
        List.of(shape),
        channel -> channel.write(ByteBuffer.allocate(elements * dtype.itemSize())));
  }
}
