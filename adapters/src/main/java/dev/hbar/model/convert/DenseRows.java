package dev.hbar.model.convert;

import java.nio.ByteBuffer;

/**
 * GGUF's blocks that no packing of MLX holds exactly (groups of 16, tables of values): the float32
 * values that llama.cpp's reference computes, in its order of operations.
 */
final class DenseRows {
  /** The sixteen values of IQ4_NL and IQ4_XS. */
  private static final int[] TABLE = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private DenseRows() {}

  /** Values of rows of this type. */
  static RowCodec values(GgmlType type) {
    return (row, out) -> {
      float[] values = new float[type.blockElements()];
      while (row.hasRemaining()) {
        int at = row.position();
        switch (type) {
          case Q2_K -> q2(row, at, values);
          case Q3_K -> q3(row, at, values);
          case Q6_K -> q6(row, at, values);
          case IQ4_NL -> table(row, at + 2, half(row, at), values, 0);
          case IQ4_XS -> table(row, at, values);
          default -> throw new IllegalArgumentException(type + " is packed");
        }
        for (float value : values) {
          out.putFloat(value);
        }
        row.position(at + type.blockBytes());
      }
    };
  }

  private static float half(ByteBuffer block, int at) {
    return Float.float16ToFloat(block.getShort(at));
  }

  private static int unsigned(ByteBuffer block, int at) {
    return block.get(at) & 0xFF;
  }

  /** 16 bytes of scales and minima, 64 of two bits each, then the factors of both. */
  private static void q2(ByteBuffer block, int at, float[] values) {
    float d = half(block, at + 80);
    float least = half(block, at + 82);
    for (int i = 0; i < values.length; i++) {
      int scale = unsigned(block, at + i / 16);
      int q = unsigned(block, at + 16 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
      values[i] = d * (scale & 15) * q - least * (scale >> 4);
    }
  }

  /** 32 bytes of high bits, 64 of two bits, 12 of scales of six bits, the factor. */
  private static void q3(ByteBuffer block, int at, float[] values) {
    float d = half(block, at + 108);
    for (int i = 0; i < values.length; i++) {
      int group = i / 16;
      int low = unsigned(block, at + 96 + group % 8) >> (group / 8 * 4) & 15;
      int high = unsigned(block, at + 104 + group % 4) >> (group / 4 * 2) & 3;
      float scale = d * ((low | high << 4) - 32);
      int q = unsigned(block, at + 32 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
      boolean set = (unsigned(block, at + i % 32) >> (i / 32) & 1) != 0;
      values[i] = scale * (q - (set ? 0 : 4));
    }
  }

  /** 128 bytes of low halves, 64 of two high bits, 16 signed scales, the factor. */
  private static void q6(ByteBuffer block, int at, float[] values) {
    float d = half(block, at + 208);
    for (int i = 0; i < values.length; i++) {
      int part = i / 128;
      int quarter = i % 128 / 32;
      int low = unsigned(block, at + part * 64 + quarter % 2 * 32 + i % 32) >> (quarter / 2 * 4);
      int high = unsigned(block, at + 128 + part * 32 + i % 32) >> (quarter * 2);
      int scale = block.get(at + 192 + i / 16);
      values[i] = d * scale * ((low & 15 | (high & 3) << 4) - 32);
    }
  }

  private static void table(ByteBuffer block, int at, float[] values) {
    float d = half(block, at);
    int high = block.getShort(at + 2) & 0xFFFF;
    for (int group = 0; group < 8; group++) {
      int low = unsigned(block, at + 4 + group / 2) >> (group % 2 * 4) & 15;
      float scale = d * ((low | (high >> (2 * group) & 3) << 4) - 32);
      table(block, at + 8 + group * 16, scale, values, group * 32);
    }
  }

  private static void table(ByteBuffer block, int at, float scale, float[] values, int first) {
    for (int i = 0; i < 16; i++) {
      int both = unsigned(block, at + i);
      values[first + i] = scale * TABLE[both & 15];
      values[first + i + 16] = scale * TABLE[both >> 4];
    }
  }
}
