package dev.hbar.model.convert;

import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tensors of a small checkpoint, read through the project's own header reader. */
record WeightsOf(List<TensorInfo> tensors, byte[] data) {

  static WeightsOf read(Path folder) throws IOException {
    return readFile(folder.resolve("model.safetensors"));
  }

  static WeightsOf readFile(Path file) throws IOException {
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    byte[] all = Files.readAllBytes(file);
    byte[] data = Arrays.copyOfRange(all, (int) (all.length - header.dataSize()), all.length);
    return new WeightsOf(List.copyOf(header.tensors().values()), data);
  }

  List<String> names() {
    return tensors.stream().map(TensorInfo::name).toList();
  }

  TensorInfo info(String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
  }

  byte[] bytes(String name) {
    return Arrays.copyOfRange(data, (int) info(name).begin(), (int) info(name).end());
  }
}
