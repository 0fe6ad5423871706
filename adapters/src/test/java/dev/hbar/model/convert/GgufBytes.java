package dev.hbar.model.convert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** Writes GGUF files for tests, sound ones and, by the setters at the end, unsound ones. */
final class GgufBytes {

  private static final int ALIGNMENT = 32;

  private record Tensor(String name, int type, long[] dims, byte[] data) {}

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private int magic = 0x46554747;
  private int version = 3;
  private LongUnaryOperator tensorCount = count -> count;
  private LongUnaryOperator keyCount = count -> count;
  private LongUnaryOperator offset = at -> at;
  private int cut;

  GgufBytes text(String key, String value) {
    return raw(key, 8, text(value));
  }

  GgufBytes u32(String key, int value) {
    return raw(key, 4, little(4).putInt(value).array());
  }

  GgufBytes f32(String key, float value) {
    return raw(key, 6, little(4).putFloat(value).array());
  }

  GgufBytes flag(String key, boolean value) {
    return raw(key, 7, new byte[] {(byte) (value ? 1 : 0)});
  }

  GgufBytes texts(String key, List<String> items) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(little(12).putInt(8).putLong(items.size()).array());
    items.forEach(item -> out.writeBytes(text(item)));
    return raw(key, 9, out.toByteArray());
  }

  GgufBytes i32s(String key, List<Integer> items) {
    ByteBuffer out = little(12 + 4 * items.size()).putInt(5).putLong(items.size());
    items.forEach(out::putInt);
    return raw(key, 9, out.array());
  }

  /** A value of any type number with its bytes as given. */
  GgufBytes raw(String key, int type, byte[] value) {
    values.put(key, little(4 + value.length).putInt(type).put(value).array());
    return this;
  }

  GgufBytes without(String key) {
    values.remove(key);
    tensors.remove(key);
    return this;
  }

  /** A tensor; dimensions innermost first, as in the file. */
  GgufBytes tensor(String name, int type, byte[] data, long... dims) {
    tensors.put(name, new Tensor(name, type, dims, data));
    return this;
  }

  GgufBytes magic(int value) {
    magic = value;
    return this;
  }

  GgufBytes version(int value) {
    version = value;
    return this;
  }

  GgufBytes tensorCount(long value) {
    tensorCount = count -> value;
    return this;
  }

  GgufBytes keyCount(long value) {
    keyCount = count -> value;
    return this;
  }

  /** Changes every tensor's offset. */
  GgufBytes offset(LongUnaryOperator change) {
    offset = change;
    return this;
  }

  /** Leaves bytes away at the end. */
  GgufBytes cut(int bytes) {
    cut = bytes;
    return this;
  }

  byte[] build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(little(8).putInt(magic).putInt(version).array());
    out.writeBytes(little(8).putLong(tensorCount.applyAsLong(tensors.size())).array());
    out.writeBytes(little(8).putLong(keyCount.applyAsLong(values.size())).array());
    values.forEach(
        (key, value) -> {
          out.writeBytes(text(key));
          out.writeBytes(value);
        });
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Tensor tensor : tensors.values()) {
      out.writeBytes(text(tensor.name()));
      ByteBuffer info = little(4 + 8 * tensor.dims().length + 12).putInt(tensor.dims().length);
      for (long dim : tensor.dims()) {
        info.putLong(dim);
      }
      out.writeBytes(info.putInt(tensor.type()).putLong(offset.applyAsLong(data.size())).array());
      data.writeBytes(tensor.data());
      pad(data);
    }
    pad(out);
    out.writeBytes(data.toByteArray());
    return Arrays.copyOf(out.toByteArray(), out.size() - cut);
  }

  Path write(Path file) throws IOException {
    return Files.write(file, build());
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }

  private static byte[] text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return little(8 + bytes.length).putLong(bytes.length).put(bytes).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
