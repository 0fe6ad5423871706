package dev.hbar.model.convert;

import java.nio.ByteBuffer;

/**
 * GGUF's Q4_K and Q5_K, and Q5_0 and Q5_1, in MLX's affine form, group 32, exact in value: scales
 * and biases of the K types are products of a float16 and six bits, which float32 holds exactly.
 */
final class SuperBlocks {
  private static final int GROUP = 32;

  private SuperBlocks() {}

  /** Whether rows of this type are read here. */
  static boolean reads(GgmlType type) {
    return switch (type) {
      case Q4_K, Q5_K, Q5_0, Q5_1 -> true;
      default -> false;
    };
  }

  /** The packed elements, a stream of bits, the lowest first. */
  static RowCodec weight(GgmlType type) {
    return groups(
        type,
        (block, at, group, out) -> {
          long held = 0;
          int bits = 0;
          for (int i = 0; i < GROUP; i++) {
            held |= (long) code(type, block, at, group, i) << bits;
            bits += type.bits();
            while (bits >= Byte.SIZE) {
              out.put((byte) held);
              held >>>= Byte.SIZE;
              bits -= Byte.SIZE;
            }
          }
        });
  }

  /** One float32 scale for each group. */
  static RowCodec scales(GgmlType type) {
    return groups(type, (block, at, group, out) -> out.putFloat(scale(type, block, at, group)));
  }

  /** One float32 bias for each group. */
  static RowCodec biases(GgmlType type) {
    return groups(type, (block, at, group, out) -> out.putFloat(bias(type, block, at, group)));
  }

  private interface GroupCodec {
    void convert(ByteBuffer block, int at, int group, ByteBuffer out);
  }

  private static RowCodec groups(GgmlType type, GroupCodec codec) {
    return (row, out) -> {
      while (row.hasRemaining()) {
        int at = row.position();
        for (int group = 0; group < type.blockElements() / GROUP; group++) {
          codec.convert(row, at, group, out);
        }
        row.position(at + type.blockBytes());
      }
    };
  }

  private static int code(GgmlType type, ByteBuffer block, int at, int group, int i) {
    return switch (type) {
      case Q4_K -> low(block, at + 16, group, i);
      case Q5_K -> low(block, at + 48, group, i) | (byteAt(block, at + 16 + i) >> group & 1) << 4;
      default -> {
        int head = type == GgmlType.Q5_0 ? 2 : 4;
        int both = byteAt(block, at + head + 4 + i % 16);
        int high = block.getInt(at + head) >>> i & 1;
        yield (i < 16 ? both & 15 : both >> 4) | high << 4;
      }
    };
  }

  /** Of two groups one lies in the low halves of 32 bytes, the other in the high ones. */
  private static int low(ByteBuffer block, int at, int group, int i) {
    return byteAt(block, at + group / 2 * GROUP + i) >> (group % 2 * 4) & 15;
  }

  private static float scale(GgmlType type, ByteBuffer block, int at, int group) {
    float d = Float.float16ToFloat(block.getShort(at));
    return SuperBlocks.isOfK(type) ? d * sixBits(block, at + 4, group, false) : d;
  }

  private static float bias(GgmlType type, ByteBuffer block, int at, int group) {
    float d = Float.float16ToFloat(block.getShort(at));
    float second = Float.float16ToFloat(block.getShort(at + 2));
    return switch (type) {
      case Q5_0 -> -16 * d;
      case Q5_1 -> second;
      default -> -(second * sixBits(block, at + 4, group, true));
    };
  }

  private static boolean isOfK(GgmlType type) {
    return type == GgmlType.Q4_K || type == GgmlType.Q5_K;
  }

  /** Eight scales and eight minima of six bits in twelve bytes. */
  private static int sixBits(ByteBuffer block, int at, int group, boolean least) {
    if (group < 4) {
      return byteAt(block, at + group + (least ? 4 : 0)) & 63;
    }
    int low = byteAt(block, at + group + 4) >> (least ? 4 : 0) & 15;
    int high = byteAt(block, at + group - (least ? 0 : 4)) >> 6;
    return low | high << 4;
  }

  private static int byteAt(ByteBuffer block, int at) {
    return block.get(at) & 0xFF;
  }
}
