package dev.hbar.mlx.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hbar.mlx.ErrorText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The header of a file to be written: length, JSON, and spaces up to a multiple of 8 bytes. */
final class HeaderBytes {
  private static final int ALIGNMENT = 8;

  private HeaderBytes() {}

  /**
   * The bytes before the data.
   *
   * @throws IllegalArgumentException when a reader would refuse them
   */
  static ByteBuffer of(Map<String, String> metadata, List<TensorToWrite> tensors)
      throws IOException {
    if (tensors.size() > TensorRules.MAX_TENSORS) {
      throw new IllegalArgumentException(tensors.size() + " tensors are too many for one file");
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      metadata(generator, metadata);
      entries(generator, tensors);
      generator.writeEndObject();
    }
    while (json.size() % ALIGNMENT != 0) {
      json.write(' ');
    }
    if (json.size() > TensorRules.MAX_HEADER) {
      throw new IllegalArgumentException("a header of " + json.size() + " bytes is too long");
    }
    return ByteBuffer.allocate(ALIGNMENT + json.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.size())
        .put(json.toByteArray())
        .flip();
  }

  private static void metadata(JsonGenerator generator, Map<String, String> metadata)
      throws IOException {
    if (metadata.isEmpty()) {
      return;
    }
    generator.writeObjectFieldStart(TensorRules.METADATA);
    // In an order of their own: the same notes make the same bytes.
    for (var note : new TreeMap<>(metadata).entrySet()) {
      generator.writeStringField(note.getKey(), note.getValue());
    }
    generator.writeEndObject();
  }

  private static void entries(JsonGenerator generator, List<TensorToWrite> tensors)
      throws IOException {
    Set<String> names = HashSet.newHashSet(tensors.size());
    long begin = 0;
    for (TensorToWrite tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "two tensors are named " + ErrorText.quoted(tensor.name()));
      }
      long end = Math.addExact(begin, tensor.byteSize());
      generator.writeObjectFieldStart(tensor.name());
      generator.writeStringField("dtype", tensor.dtype().safetensorsName());
      generator.writeFieldName("shape");
      int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
      generator.writeArray(shape, 0, shape.length);
      generator.writeFieldName("data_offsets");
      generator.writeArray(new long[] {begin, end}, 0, 2);
      generator.writeEndObject();
      begin = end;
    }
  }
}
