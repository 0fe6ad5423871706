package dev.hbar.study.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** The pages of a column: plain values, uncompressed. */
final class ColumnWriter {
  /** Parquet's numbers of its encodings. */
  static final int PLAIN = 0;

  static final int RUNS = 3;

  private final WritableByteChannel target;

  /** Bytes of a page, more or less. */
  private final int most;

  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int rowsOfPage;
  private long rows;
  private long bytes;

  /** Values in each row; 0 if a row is a value and no list. */
  private final int width;

  ColumnWriter(Column column, WritableByteChannel target, int most) {
    this.target = target;
    this.most = most;
    this.width = column instanceof Column.Vectors vectors ? vectors.width() : 0;
  }

  /** Writes all pages. */
  void write(Column column) throws IOException {
    switch (column) {
      case Column.Texts texts -> {
        for (String text : texts.values()) {
          byte[] value = text.getBytes(StandardCharsets.UTF_8);
          put(number.clear().putInt(value.length));
          page.writeBytes(value);
          endRow();
        }
      }
      case Column.Numbers numbers -> {
        for (double value : numbers.values()) {
          put(number.clear().putDouble(value));
          endRow();
        }
      }
      case Column.Counts counts -> {
        for (int value : counts.values()) {
          put(number.clear().putInt(value));
          endRow();
        }
      }
      case Column.Vectors vectors -> vectors.source().to(this::row);
    }
    endPage();
  }

  long rows() {
    return rows;
  }

  /** Values in all pages. */
  long values() {
    return rows * Math.max(1, width);
  }

  /** Length of all pages. */
  long bytes() {
    return bytes;
  }

  private void row(float[] row) throws IOException {
    for (float value : row) {
      put(number.clear().putFloat(value));
    }
    endRow();
  }

  private void put(ByteBuffer value) {
    page.write(value.array(), 0, value.position());
  }

  private void endRow() throws IOException {
    rowsOfPage++;
    rows++;
    if (page.size() >= most) {
      endPage();
    }
  }

  private void endPage() throws IOException {
    if (rowsOfPage == 0) {
      return;
    }
    byte[] levels = width == 0 ? new byte[0] : levels();
    int size = levels.length + page.size();
    byte[] header =
        new CompactThrift()
            .number(1, 0)
            .number(2, size)
            .number(3, size)
            .struct(
                5,
                data ->
                    data.number(1, rowsOfPage * Math.max(1, width))
                        .number(2, PLAIN)
                        .number(3, RUNS)
                        .number(4, RUNS))
            .bytes();
    send(header);
    send(levels);
    send(page.toByteArray());
    page.reset();
    rowsOfPage = 0;
  }

  /** A list begins at level 0 and goes on at 1; every value is there, which is level 1. */
  private byte[] levels() {
    ByteArrayOutputStream repeated = new ByteArrayOutputStream();
    for (int row = 0; row < rowsOfPage; row++) {
      run(repeated, 1, 0);
      run(repeated, width - 1, 1);
    }
    ByteArrayOutputStream there = new ByteArrayOutputStream();
    run(there, rowsOfPage * width, 1);
    return ByteBuffer.allocate(2 * Integer.BYTES + repeated.size() + there.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(repeated.size())
        .put(repeated.toByteArray())
        .putInt(there.size())
        .put(there.toByteArray())
        .array();
  }

  private static void run(ByteArrayOutputStream out, int length, int level) {
    if (length > 0) {
      CompactThrift.varint(out, (long) length << 1);
      out.write(level);
    }
  }

  private void send(byte[] part) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(part);
    while (left.hasRemaining()) {
      bytes += target.write(left);
    }
  }
}
