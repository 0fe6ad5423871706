package dev.hbar.model.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads one metadata value: whole numbers become Long, others Double, arrays List. */
final class GgufValueReader {

  private static final int MAX_TEXT_BYTES = 16 << 20;
  private static final int MAX_ELEMENTS = 1 << 23;
  private static final int MAX_DEPTH = 3;

  /** All metadata together; the largest published vocabularies take 10 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final GgufCursor in;

  GgufValueReader(GgufCursor in) {
    this.in = in;
  }

  /** A value of the given type number. */
  Object read(int type) throws IOException {
    return read(type, 0);
  }

  private Object read(int type, int depth) throws IOException {
    if (in.position() > MAX_BYTES) {
      throw in.fault("the metadata takes more than %s MiB".formatted(MAX_BYTES >> 20));
    }
    return switch (type) {
      case 0 -> (long) in.u8();
      case 1 -> (long) (byte) in.u8();
      case 2 -> (long) in.u16();
      case 3 -> (long) (short) in.u16();
      case 4 -> Integer.toUnsignedLong(in.i32());
      case 5 -> (long) in.i32();
      case 6 -> (double) in.f32();
      case 7 -> flag();
      case STRING -> in.text("a string", MAX_TEXT_BYTES);
      case ARRAY -> array(depth);
      // Beyond 2^63 an unsigned number turns negative, which no reader of it accepts.
      case 10, 11 -> in.i64();
      case 12 -> in.f64();
      default -> throw in.fault("unknown value type " + type);
    };
  }

  private boolean flag() throws IOException {
    int value = in.u8();
    if (value > 1) {
      throw in.fault("a flag is neither 0 nor 1 but " + value);
    }
    return value == 1;
  }

  private List<Object> array(int depth) throws IOException {
    if (depth >= MAX_DEPTH) {
      throw in.fault("arrays are nested more than %s deep".formatted(MAX_DEPTH));
    }
    int type = in.i32();
    int count = in.count("the length of an array", MAX_ELEMENTS, leastBytes(type));
    List<Object> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(read(type, depth + 1));
    }
    return elements;
  }

  private static int leastBytes(int type) {
    return switch (type) {
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      case STRING, 10, 11, 12 -> 8;
      case ARRAY -> 12;
      default -> 1;
    };
  }
}
