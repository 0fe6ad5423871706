package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the head of a GGUF file (version 2 or 3, little-endian) and checks all of it before
 * anything is used.
 */
final class GgufReader {

  private static final int MAGIC = 0x46554747;
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_NAME_BYTES = 512;
  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final String ALIGNMENT = "general.alignment";

  private final Path path;
  private final GgufCursor in;

  private GgufReader(Path path, GgufCursor in) {
    this.path = path;
    this.in = in;
  }

  /**
   * Reads a file's head.
   *
   * @throws CheckpointException for anything but a sound GGUF file whose tensors can all be
   *     converted
   */
  static GgufFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new CheckpointException("no such GGUF file: %s: check the path".formatted(path));
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return new GgufReader(path, new GgufCursor(path, channel)).head();
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot be read (%s), in %s: check its permissions".formatted(ErrorText.reason(e), path),
          e);
    }
  }

  private GgufFile head() throws IOException {
    int version = version();
    int tensorCount = in.count("the number of tensors", MAX_ENTRIES, 24);
    int keyCount = in.count("the number of metadata keys", MAX_ENTRIES, 13);
    GgufMetadata metadata = new GgufMetadata(path, values(keyCount));
    int alignment = metadata.integer(ALIGNMENT).orElse(32);
    if (alignment < 8 || alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
      throw metadata.fault(
          ALIGNMENT, "must be a power of two from 8 to %s".formatted(MAX_ALIGNMENT));
    }
    List<GgufTensor> relative = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tensorCount; i++) {
      GgufTensor tensor = tensor(alignment);
      if (!names.add(tensor.name())) {
        throw in.fault("two tensors have the name " + ErrorText.quoted(tensor.name()));
      }
      relative.add(tensor);
    }
    long data = (in.position() + alignment - 1) / alignment * alignment;
    return new GgufFile(path, version, metadata, placed(relative, data));
  }

  private int version() throws IOException {
    if (in.size() < 24 || in.i32() != MAGIC) {
      throw new CheckpointException(
          "not a GGUF file: %s: name a file that a GGUF exporter wrote".formatted(path));
    }
    int version = in.i32();
    if (version == 2 || version == 3) {
      return version;
    }
    boolean swapped = Integer.reverseBytes(version) >= 1 && Integer.reverseBytes(version) <= 3;
    throw CheckpointException.inFile(
        path,
        swapped ? "big-endian GGUF" : "GGUF version " + Integer.toUnsignedString(version),
        "use a little-endian file of version 2 or 3");
  }

  private Map<String, Object> values(int count) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    GgufValueReader reader = new GgufValueReader(in);
    for (int i = 0; i < count; i++) {
      String key = in.text("a metadata key", MAX_KEY_BYTES);
      Object value = reader.read(in.i32());
      if (values.put(key, value) != null) {
        throw in.fault("two values have the key " + ErrorText.quoted(key));
      }
    }
    return values;
  }

  /** A tensor whose offset still counts from the start of the data. */
  private GgufTensor tensor(int alignment) throws IOException {
    String name = in.text("a tensor name", MAX_NAME_BYTES);
    int rank = in.i32();
    if (rank < 1 || rank > MAX_DIMENSIONS) {
      throw in.fault("tensor %s has %s dimensions".formatted(ErrorText.quoted(name), rank));
    }
    List<Integer> shape = new ArrayList<>();
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      long dimension = in.i64();
      if (dimension < 1
          || dimension > Integer.MAX_VALUE
          || elements > Long.MAX_VALUE / 64 / dimension) {
        throw in.fault("tensor %s has an impossible shape".formatted(ErrorText.quoted(name)));
      }
      elements *= dimension;
      shape.addFirst((int) dimension);
    }
    GgmlType type = type(name, in.i32());
    if (shape.getLast() % type.blockElements() != 0) {
      throw in.fault(
          "tensor %s has rows that are no multiple of %s"
              .formatted(ErrorText.quoted(name), type.blockElements()));
    }
    long offset = in.i64();
    if (offset < 0 || offset % alignment != 0) {
      throw in.fault(
          "tensor %s has an offset that is not aligned".formatted(ErrorText.quoted(name)));
    }
    long bytes = elements / type.blockElements() * type.blockBytes();
    return new GgufTensor(name, type, List.copyOf(shape), offset, bytes);
  }

  private GgmlType type(String name, int number) {
    return GgmlType.of(number)
        .orElseThrow(
            () ->
                CheckpointException.inFile(
                    path,
                    "tensor %s has type %s"
                        .formatted(ErrorText.quoted(name), GgmlType.nameOf(number)),
                    "use a file in one of "
                        + Arrays.stream(GgmlType.values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", "))));
  }

  private List<GgufTensor> placed(List<GgufTensor> relative, long data) {
    long end = 0;
    for (GgufTensor tensor :
        relative.stream().sorted(Comparator.comparingLong(GgufTensor::offset)).toList()) {
      if (tensor.offset() < end) {
        throw in.fault("tensor %s overlaps another".formatted(ErrorText.quoted(tensor.name())));
      }
      end = tensor.offset() + tensor.bytes();
      if (end < 0 || end > in.size() - data) {
        throw in.fault(
            "tensor %s ends past the end of the file".formatted(ErrorText.quoted(tensor.name())));
      }
    }
    return relative.stream()
        .map(t -> new GgufTensor(t.name(), t.type(), t.shape(), data + t.offset(), t.bytes()))
        .toList();
  }
}
