package dev.hbar.study.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code table.parquet} is what was written once, {@code read.json} what pyarrow reads in it
 * (scripts/fixtures/parquet.py): the same bytes have the same values in Python.
 */
class ParquetFileTest {
  private static final Path FIXTURES = Path.of("src/test/resources/parquet");
  private static final int ROWS = 40;

  /** So few bytes that every column has several pages. */
  private static final int PAGE = 64;

  private static final int[] COUNTS =
      IntStream.range(0, ROWS).map(i -> (i - 3) * 123_456_789).toArray();
  private static final double[] NUMBERS =
      IntStream.range(0, ROWS)
          .mapToDouble(i -> i == 7 ? Double.NaN : Math.scalb(1.0 + i, 30 * i - 600))
          .toArray();
  private static final List<String> TEXTS =
      IntStream.range(0, ROWS)
          .mapToObj(i -> "Zoë’s \uD83D\uDE42 \n\"".repeat(i % 3) + i % 5)
          .toList();

  @TempDir Path folder;

  @Test
  void tableOfEveryKindOfColumn_isTheFileThatPyarrowRead() throws IOException {
    Path file = folder.resolve("table.parquet");
    ParquetFile.write(file, ROWS, columns(), PAGE);
    assertArrayEquals(
        Files.readAllBytes(FIXTURES.resolve("table.parquet")), Files.readAllBytes(file));
    JsonNode read = new ObjectMapper().readTree(FIXTURES.resolve("read.json").toFile());
    assertEquals(21, read.size());
    for (int i = 0; i < ROWS; i++) {
      assertEquals(TEXTS.get(i), read.get("id").get(i).textValue());
      assertEquals(COUNTS[i], read.get("label").get(i).intValue());
      assertEquals(NUMBERS[i], number(read.get("hbar").get(i)), 0);
      assertArrayEquals(new float[] {0.1f * i}, floats(read.get("block.0.one").get(i)));
      for (int column = 1; column <= 17; column++) {
        JsonNode row = read.get("block.%s.mean-answer".formatted(column)).get(i);
        assertArrayEquals(vector(column, i), floats(row));
      }
    }
  }

  @Test
  void pages_endAtTheirSizeAndKeepAllRows() throws IOException {
    Path small = folder.resolve("small.parquet");
    Path large = folder.resolve("large.parquet");
    ParquetFile.write(small, ROWS, columns(), PAGE);
    ParquetFile.write(large, ROWS, columns());
    assertTrue(Files.size(small) > Files.size(large), "a page has a header");
  }

  @Test
  void tableWithoutRows_isAFile() throws IOException {
    Path file = folder.resolve("empty.parquet");
    ParquetFile.write(
        file,
        0,
        List.of(new Column.Texts("id", List.of()), new Column.Vectors("block.1", 2, target -> {})));
    byte[] bytes = Files.readAllBytes(file);
    assertEquals("PAR1", new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII));
    assertArrayEquals(Files.readAllBytes(FIXTURES.resolve("empty.parquet")), bytes);
  }

  @Test
  void columnOfOtherLength_leavesNoFile() throws IOException {
    Path file = folder.resolve("table.parquet");
    List<Column> columns =
        List.of(
            new Column.Counts("label", new int[] {1, 2}),
            new Column.Texts("id", List.of("a", "b", "c")));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> ParquetFile.write(file, 2, columns));
    assertEquals("id has 3 rows, not 2", refused.getMessage());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void fileThatCannotBeWritten_isNamed() {
    Path file = folder.resolve("none/table.parquet");
    StudyException refused =
        assertThrows(StudyException.class, () -> ParquetFile.write(file, ROWS, columns()));
    assertTrue(refused.getMessage().startsWith(file + ": cannot be written"), refused.getMessage());
    assertFalse(Files.exists(file));
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column.Texts("id", TEXTS));
    columns.add(new Column.Counts("label", COUNTS));
    columns.add(new Column.Numbers("hbar", NUMBERS));
    columns.add(vectors("block.0.one", 1, 0));
    for (int column = 1; column <= 17; column++) {
      columns.add(vectors("block.%s.mean-answer".formatted(column), column, column));
    }
    return columns;
  }

  private static Column vectors(String name, int width, int column) {
    return new Column.Vectors(
        name,
        width,
        target -> {
          for (int i = 0; i < ROWS; i++) {
            target.take(column == 0 ? new float[] {0.1f * i} : vector(column, i));
          }
        });
  }

  private static float[] vector(int column, int row) {
    float[] vector = new float[column];
    for (int k = 0; k < column; k++) {
      vector[k] = (row - 20) / (1f + k) * column;
    }
    return vector;
  }

  private static double number(JsonNode node) {
    return node.isNull() ? Double.NaN : node.doubleValue();
  }

  private static float[] floats(JsonNode node) {
    float[] values = new float[node.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = node.get(k).floatValue();
    }
    return values;
  }
}
