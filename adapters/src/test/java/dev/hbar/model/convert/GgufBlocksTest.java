package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Blocks of random bits made by scripts/fixtures/gguf_blocks.py: the values are those of
 * llama.cpp's reference, to the last bit.
 */
final class GgufBlocksTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 512;

  private static ByteBuffer bytes(GgmlType type, String kind) throws IOException {
    try (InputStream in = GgufBlocksTest.class.getResourceAsStream("/gguf/" + type + kind)) {
      return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static float[] expected(GgmlType type) throws IOException {
    float[] values = new float[ROWS * COLUMNS];
    bytes(type, ".values").asFloatBuffer().get(values);
    return values;
  }

  private static ByteBuffer converted(GgmlType type, RowCodec codec, int rowBytes)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocate(ROWS * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer blocks = bytes(type, ".blocks");
    int row = type.rowBytes(COLUMNS);
    assertEquals(ROWS * row, blocks.capacity());
    for (int i = 0; i < ROWS; i++) {
      codec.convert(blocks.limit((i + 1) * row).position(i * row), out);
    }
    assertEquals(0, out.remaining());
    return out.flip();
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q6_K", "IQ4_NL", "IQ4_XS"})
  void unpackedType_hasTheValuesOfLlamaCpp(GgmlType type) throws IOException {
    float[] values = new float[ROWS * COLUMNS];
    converted(type, DenseRows.values(type), COLUMNS * Float.BYTES).asFloatBuffer().get(values);
    assertArrayEquals(expected(type), values);
  }

  @ParameterizedTest
  @EnumSource(names = {"Q5_0", "Q5_1", "Q4_K", "Q5_K"})
  void packedType_hasTheValuesOfLlamaCpp(GgmlType type) throws IOException {
    ByteBuffer codes = converted(type, SuperBlocks.weight(type), COLUMNS * type.bits() / Byte.SIZE);
    ByteBuffer scales = converted(type, SuperBlocks.scales(type), COLUMNS / 32 * Float.BYTES);
    ByteBuffer biases = converted(type, SuperBlocks.biases(type), COLUMNS / 32 * Float.BYTES);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      long bit = (long) i * type.bits();
      int at = (int) (bit / Byte.SIZE);
      int both =
          codes.get(at) & 0xFF | (at + 1 < codes.limit() ? codes.get(at + 1) & 0xFF : 0) << 8;
      int code = both >> bit % Byte.SIZE & (1 << type.bits()) - 1;
      int group = i / 32 * Float.BYTES;
      values[i] = scales.getFloat(group) * code + biases.getFloat(group);
    }
    float[] expected = expected(type);
    for (int i = 0; i < expected.length; i++) {
      expected[i] += 0f; // a sum has no zero below zero
    }
    assertArrayEquals(expected, values);
  }
}
