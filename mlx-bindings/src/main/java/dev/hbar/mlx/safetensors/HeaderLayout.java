package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.ErrorText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the tensors of one file lie together: they fill the data section without hole or overlap. */
final class HeaderLayout {
  private HeaderLayout() {}

  /**
   * The tensors by name in the order of their data.
   *
   * @param dataSize bytes after the header
   * @throws HeaderFault at the first hole, overlap, or end outside the file
   */
  static Map<String, TensorInfo> ordered(List<TensorInfo> tensors, long dataSize)
      throws HeaderFault {
    List<TensorInfo> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    Map<String, TensorInfo> byName = LinkedHashMap.newLinkedHashMap(sorted.size());
    long position = 0;
    for (TensorInfo tensor : sorted) {
      requireNext(tensor, position);
      position = tensor.end();
      byName.put(tensor.name(), tensor);
    }
    if (position > dataSize) {
      throw new HeaderFault(
          "its tensors take %s bytes, but only %s follow the header (cut short?)"
              .formatted(position, dataSize));
    }
    if (position < dataSize) {
      throw new HeaderFault(
          "%s bytes after the last tensor belong to none".formatted(dataSize - position));
    }
    return byName;
  }

  private static void requireNext(TensorInfo tensor, long position) throws HeaderFault {
    String name = ErrorText.quoted(tensor.name());
    if (tensor.begin() < position) {
      throw new HeaderFault(
          "tensor %s begins at byte %s, inside the one that ends at byte %s"
              .formatted(name, tensor.begin(), position));
    }
    if (tensor.begin() > position) {
      throw new HeaderFault(
          "bytes %s to %s before tensor %s belong to none"
              .formatted(position, tensor.begin(), name));
    }
  }
}
