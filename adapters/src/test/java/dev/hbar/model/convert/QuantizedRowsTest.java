package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a block means in GGUF and what its conversion means in MLX, element by element, without
 * tolerance.
 */
class QuantizedRowsTest {

  private static final int COLUMNS = 96;

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer convert(RowCodec codec, byte[] row, int outBytes) {
    ByteBuffer out = ByteBuffer.allocate(outBytes).order(ByteOrder.LITTLE_ENDIAN);
    codec.convert(little(row), out);
    assertEquals(outBytes, out.position());
    return out.flip();
  }

  /** The definition of the GGUF types. */
  private static double element(GgmlType type, byte[] row, int index) {
    ByteBuffer block = little(row).position(index / 32 * type.blockBytes());
    double d = Float.float16ToFloat(block.getShort());
    double m = type == GgmlType.Q4_1 ? Float.float16ToFloat(block.getShort()) : 0;
    byte[] quants = new byte[type == GgmlType.Q8_0 ? 32 : 16];
    block.get(quants);
    int i = index % 32;
    if (type == GgmlType.Q8_0) {
      return d * quants[i];
    }
    int q = i < 16 ? quants[i] & 15 : quants[i - 16] >> 4 & 15;
    return type == GgmlType.Q4_0 ? d * (q - 8) : d * q + m;
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q8_0"})
  void block_keepsTheValueOfEveryElement(GgmlType type) {
    Random random = new Random(5);
    int number =
        type == GgmlType.Q4_0
            ? TinyGguf.Q4_0
            : type == GgmlType.Q4_1 ? TinyGguf.Q4_1 : TinyGguf.Q8_0;
    for (int round = 0; round < 200; round++) {
      byte[] row = TinyGguf.data(random, number, COLUMNS);
      ByteBuffer words = convert(QuantizedRows.weight(type), row, COLUMNS * type.bits() / 8);
      ByteBuffer scales = convert(QuantizedRows.scales(type), row, COLUMNS / 32 * 2);
      ByteBuffer biases = convert(QuantizedRows.biases(type), row, COLUMNS / 32 * 2);
      int perWord = 32 / type.bits();
      for (int i = 0; i < COLUMNS; i++) {
        int word = words.getInt(i / perWord * 4);
        int q = word >>> i % perWord * type.bits() & (1 << type.bits()) - 1;
        double scale = Float.float16ToFloat(scales.getShort(i / 32 * 2));
        double bias = Float.float16ToFloat(biases.getShort(i / 32 * 2));
        // Adding zero takes away the sign of a negative zero, which affine numbers do not have.
        assertEquals(element(type, row, i) + 0.0, scale * q + bias + 0.0, "element " + i);
      }
    }
  }

  @Test
  void knownBlock_isPackedAsComputedByHand() {
    byte[] block = new byte[20];
    little(block).putShort(Float.floatToFloat16(0.5f)).putShort(Float.floatToFloat16(-1f));
    for (int i = 0; i < 16; i++) {
      block[4 + i] = (byte) ((15 - i) << 4 | i);
    }
    ByteBuffer words = convert(QuantizedRows.weight(GgmlType.Q4_1), block, 16);
    assertEquals(0x76543210, words.getInt());
    assertEquals(0xFEDCBA98, words.getInt());
    assertEquals(0x89ABCDEF, words.getInt());
    assertEquals(0x01234567, words.getInt());
  }

  @ParameterizedTest
  @CsvSource({"Q8_0, 512", "Q4_0, 8192", "Q8_0, Infinity", "Q4_0, NaN", "Q4_1, Infinity"})
  void scaleWithoutExactBias_isRefused(GgmlType type, float scale) {
    byte[] block = new byte[type.blockBytes()];
    little(block).putShort(Float.floatToFloat16(scale));
    ByteBuffer out = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    assertThrows(
        QuantizedRows.InexactScaleException.class,
        () -> QuantizedRows.biases(type).convert(little(block), out));
  }

  @ParameterizedTest
  @CsvSource({"Q8_0, 5.9604645E-8", "Q8_0, -511.75", "Q4_0, 8184", "Q4_0, 6.1E-5"})
  void scaleAtTheEdge_hasItsExactBias(GgmlType type, float scale) {
    byte[] block = new byte[type.blockBytes()];
    short stored = Float.floatToFloat16(scale);
    little(block).putShort(stored);
    short bias = convert(QuantizedRows.biases(type), block, 2).getShort();
    int factor = type == GgmlType.Q8_0 ? -128 : -8;
    assertEquals(factor * Float.float16ToFloat(stored), Float.float16ToFloat(bias));
  }

  @Test
  void rotatedHalves_areTakenApartWithinTheHead() {
    // A head of six rows a0 a1 a2 b0 b1 b2 is stored as a0 b0 a1 b1 a2 b2.
    RowOrder order = new RowOrder(6);
    int[] sources = {0, 2, 4, 1, 3, 5};
    for (int row = 0; row < sources.length; row++) {
      assertEquals(sources[row], order.source(row));
    }
  }
}
