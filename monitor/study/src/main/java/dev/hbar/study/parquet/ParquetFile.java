package dev.hbar.study.parquet;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes Parquet files (Apache's format, version 1): one row group, plain values, no compression,
 * which every reader knows. A list of numbers is a column of type list. The numbers of fields and
 * types are those of parquet.thrift.
 */
public final class ParquetFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int PAGE = 1 << 20;
  private static final int REQUIRED = 0;
  private static final int REPEATED = 2;
  private static final int UTF8 = 0;
  private static final int LIST = 3;
  private static final int STRING = 1;

  private ParquetFile() {}

  /** Where the pages of a column are. */
  private record Chunk(Column column, long start, ColumnWriter written) {}

  /**
   * Writes a table of any size in little memory; the file is there whole or not at all.
   *
   * @param rows of each column
   * @throws StudyException if it cannot be written
   * @throws IllegalStateException if a column has more or fewer rows
   */
  public static void write(Path file, int rows, List<Column> columns) {
    write(file, rows, columns, PAGE);
  }

  /** With pages that end once they have this many bytes. */
  static void write(Path file, int rows, List<Column> columns, int page) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        fill(channel, rows, columns, page);
      }
      WholeFile.replace(part, file);
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be written (" + ErrorText.reason(e) + "); make room, or choose another folder");
    } finally {
      delete(part);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new StudyException(
          part, "cannot be deleted (" + ErrorText.reason(e) + "); delete it by hand");
    }
  }

  private static void fill(FileChannel channel, int rows, List<Column> columns, int page)
      throws IOException {
    send(channel, MAGIC);
    List<Chunk> chunks = new ArrayList<>();
    for (Column column : columns) {
      Chunk chunk = new Chunk(column, channel.position(), new ColumnWriter(column, channel, page));
      chunk.written().write(column);
      if (chunk.written().rows() != rows) {
        throw new IllegalStateException(
            column.name() + " has " + chunk.written().rows() + " rows, not " + rows);
      }
      chunks.add(chunk);
    }
    byte[] footer = footer(rows, chunks);
    send(channel, footer);
    send(
        channel,
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(footer.length)
            .array());
    send(channel, MAGIC);
    channel.force(true);
  }

  private static void send(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  /** FileMetaData. A table without rows has no row group. */
  private static byte[] footer(int rows, List<Chunk> chunks) {
    List<Consumer<CompactThrift>> schema = new ArrayList<>();
    schema.add(root -> root.text(4, "table").number(5, chunks.size()));
    chunks.forEach(chunk -> schema.addAll(elements(chunk.column())));
    long bytes = chunks.stream().mapToLong(chunk -> chunk.written().bytes()).sum();
    return new CompactThrift()
        .number(1, 1)
        .structs(2, schema, (thrift, element) -> element.accept(thrift))
        .large(3, rows)
        .structs(
            4,
            rows == 0 ? List.<List<Chunk>>of() : List.of(chunks),
            (group, all) ->
                group.structs(1, all, ParquetFile::chunk).large(2, bytes).large(3, rows))
        .text(6, "hbar")
        .bytes();
  }

  /** SchemaElements. */
  private static List<Consumer<CompactThrift>> elements(Column column) {
    int type = type(column);
    String name = column.name();
    return switch (column) {
      case Column.Texts texts ->
          List.of(
              thrift ->
                  value(thrift, type, name)
                      .number(6, UTF8)
                      .struct(10, logical -> logical.struct(STRING, empty -> {})));
      case Column.Numbers numbers -> List.of(thrift -> value(thrift, type, name));
      case Column.Counts counts -> List.of(thrift -> value(thrift, type, name));
      case Column.Vectors vectors ->
          List.of(
              thrift ->
                  thrift
                      .number(3, REQUIRED)
                      .text(4, name)
                      .number(5, 1)
                      .number(6, LIST)
                      .struct(10, logical -> logical.struct(LIST, empty -> {})),
              thrift -> thrift.number(3, REPEATED).text(4, "list").number(5, 1),
              thrift -> value(thrift, type, "element"));
    };
  }

  private static CompactThrift value(CompactThrift thrift, int type, String name) {
    return thrift.number(1, type).number(3, REQUIRED).text(4, name);
  }

  private static int type(Column column) {
    return switch (column) {
      case Column.Counts counts -> 1;
      case Column.Vectors vectors -> 4;
      case Column.Numbers numbers -> 5;
      case Column.Texts texts -> 6;
    };
  }

  /** ColumnChunk. */
  private static void chunk(CompactThrift thrift, Chunk chunk) {
    String name = chunk.column().name();
    List<String> path =
        chunk.column() instanceof Column.Vectors ? List.of(name, "list", "element") : List.of(name);
    thrift
        .large(2, chunk.start())
        .struct(
            3,
            data ->
                data.number(1, type(chunk.column()))
                    .numbers(2, List.of(ColumnWriter.PLAIN, ColumnWriter.RUNS))
                    .texts(3, path)
                    .number(4, 0)
                    .large(5, chunk.written().values())
                    .large(6, chunk.written().bytes())
                    .large(7, chunk.written().bytes())
                    .large(9, chunk.start()));
  }
}
