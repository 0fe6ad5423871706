package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxIo;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.StoredTensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights from a safetensors file whose header was validated into arrays. Owner thread only. */
public final class SafetensorsLoader {
  private SafetensorsLoader() {}

  /** All tensors of a file, by name, in file order, owned by {@code scope}. */
  public static Map<String, MlxArray> load(MlxScope scope, SafetensorsHeader header) {
    return load(scope, header, header.tensors().keySet());
  }

  /**
   * The named tensors of a file, evaluated, owned by {@code scope}.
   *
   * @throws dev.hbar.mlx.MlxFileException if the file is shorter than its header says or changes
   *     while it is read
   */
  public static Map<String, MlxArray> load(
      MlxScope scope, SafetensorsHeader header, Collection<String> names) {
    Map<String, StoredTensor> wanted = new LinkedHashMap<>();
    for (String name : names) {
      TensorInfo info = header.tensors().get(name);
      long position = header.dataStart() + info.begin();
      wanted.put(name, new StoredTensor(info.dtype(), info.shape(), position));
    }
    Map<String, MlxArray> arrays = MlxIo.read(scope, header.file(), wanted);
    header.requireUnchanged();
    return arrays;
  }
}
