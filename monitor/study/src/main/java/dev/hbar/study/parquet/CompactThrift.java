package dev.hbar.study.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A structure in Thrift's compact protocol, as far as Parquet needs it. Fields are added in the
 * order of their numbers, which differ by at most 15.
 */
final class CompactThrift {
  private static final int INT = 5;
  private static final int LONG = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int LONG_LIST = 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int last;

  CompactThrift number(int field, int value) {
    header(field, INT);
    varint(zigzag(value));
    return this;
  }

  CompactThrift large(int field, long value) {
    header(field, LONG);
    varint(zigzag(value));
    return this;
  }

  CompactThrift text(int field, String value) {
    header(field, BINARY);
    text(value);
    return this;
  }

  CompactThrift texts(int field, List<String> values) {
    list(field, BINARY, values.size());
    values.forEach(this::text);
    return this;
  }

  CompactThrift numbers(int field, List<Integer> values) {
    list(field, INT, values.size());
    values.forEach(value -> varint(zigzag(value)));
    return this;
  }

  CompactThrift struct(int field, Consumer<CompactThrift> fields) {
    header(field, STRUCT);
    nested(fields);
    return this;
  }

  <T> CompactThrift structs(int field, List<T> values, BiConsumer<CompactThrift, T> fields) {
    list(field, STRUCT, values.size());
    values.forEach(value -> nested(inner -> fields.accept(inner, value)));
    return this;
  }

  /** All of it. */
  byte[] bytes() {
    out.write(0);
    return out.toByteArray();
  }

  private void nested(Consumer<CompactThrift> fields) {
    int outer = last;
    last = 0;
    fields.accept(this);
    out.write(0);
    last = outer;
  }

  private void header(int field, int type) {
    out.write((field - last) << 4 | type);
    last = field;
  }

  private void list(int field, int type, int size) {
    header(field, LIST);
    out.write(Math.min(size, LONG_LIST) << 4 | type);
    if (size >= LONG_LIST) {
      varint(size);
    }
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length);
    out.writeBytes(bytes);
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> (Long.SIZE - 1);
  }

  private void varint(long value) {
    varint(out, value);
  }

  /** Seven bits a byte, the lowest first. */
  static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
