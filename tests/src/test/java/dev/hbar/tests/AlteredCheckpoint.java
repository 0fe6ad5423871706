package dev.hbar.tests;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A copy of a fixture whose tensors can be taken out, replaced and added before it is written. */
final class AlteredCheckpoint {
  private final Path folder;
  private final Map<String, TensorToWrite> tensors = new LinkedHashMap<>();

  private AlteredCheckpoint(Path folder) {
    this.folder = folder;
  }

  static AlteredCheckpoint of(String fixture, Path folder) throws IOException {
    Path from = Fixture.named(fixture).folder();
    Files.createDirectories(folder);
    Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
    AlteredCheckpoint copy = new AlteredCheckpoint(folder);
    SafetensorsHeader header = SafetensorsHeaderReader.read(from.resolve("model.safetensors"));
    byte[] file = Files.readAllBytes(header.file());
    for (TensorInfo info : header.tensors().values()) {
      int start = Math.toIntExact(header.dataStart());
      byte[] bytes = Arrays.copyOfRange(file, start + (int) info.begin(), start + (int) info.end());
      copy.put(info.name(), info.dtype(), info.shape(), bytes);
    }
    return copy;
  }

  AlteredCheckpoint without(String name) {
    tensors.remove(name);
    return this;
  }

  /** A tensor of zeros, new or in place of another. */
  AlteredCheckpoint zeros(String name, DType dtype, Integer... shape) {
    int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return put(name, dtype, List.of(shape), new byte[elements * dtype.itemSize()]);
  }

  /** A tensor of float32 numbers, all the same. */
  AlteredCheckpoint filled(String name, float value, Integer... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    Arrays.fill(values, value);
    return floats(name, values, shape);
  }

  AlteredCheckpoint floats(String name, float[] values, Integer... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return put(name, DType.FLOAT32, List.of(shape), bytes.array());
  }

  private AlteredCheckpoint put(String name, DType dtype, List<Integer> shape, byte[] bytes) {
    tensors.put(
        name,
        new TensorToWrite(name, dtype, shape, channel -> channel.write(ByteBuffer.wrap(bytes))));
    return this;
  }

  /** Writes the folder and loads the model from it, with the packed weights kept or unpacked. */
  CausalLm load(WeightForm weights) {
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()));
    return ModelLoader.of(CheckpointDirectory.of(folder))
        .load(new LoadOptions(new Compute(weights, DType.FLOAT32), MaskChoice.AUTO));
  }
}
