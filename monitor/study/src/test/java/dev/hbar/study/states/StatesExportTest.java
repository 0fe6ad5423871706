package dev.hbar.study.states;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.study.parquet.Column;
import dev.hbar.study.parquet.ParquetFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Python gets of a states folder. */
class StatesExportTest {
  private static final float[][] MEANS = {{1.5f, -2}, {0.25f, 65504}};
  private static final float[][] TOKENS = {{1, 2}, {3, 4}, {-5, 0.5f}};

  @TempDir Path folder;

  @Test
  void samplesAndTokens_areRowsOfTwoParquetFiles() throws IOException {
    write(true);
    StatesParquet.write(folder);
    ParquetFile.write(
        folder.resolve("expected.parquet"),
        2,
        List.of(
            new Column.Texts("id", List.of("a_1_cor", "a_1_hal")),
            new Column.Counts("label", new int[] {0, 1}),
            new Column.Numbers("grade", new double[] {0.25, 1}),
            new Column.Texts("task", List.of("own", "own")),
            new Column.Texts("record", List.of("a_1", "a_1")),
            new Column.Counts("prompt_tokens", new int[] {9, 9}),
            new Column.Counts("answer_tokens", new int[] {1, 2}),
            new Column.Counts("chars", new int[] {5, 6}),
            new Column.Counts("words", new int[] {1, 2}),
            new Column.Texts("last", List.of(".", "é")),
            new Column.Numbers("overlap", new double[] {0.5, 0}),
            new Column.Numbers("hbar", new double[] {0.1, 0.2}),
            new Column.Numbers("pri", new double[] {-1, 3}),
            vectors("block.1.mean-answer", MEANS)));
    assertSame("expected.parquet", "samples.parquet");
    ParquetFile.write(
        folder.resolve("expected.parquet"),
        3,
        List.of(
            new Column.Texts("id", List.of("a_1_cor", "a_1_hal", "a_1_hal")),
            new Column.Counts("token", new int[] {0, 0, 1}),
            new Column.Counts("token_label", new int[] {-1, 0, 1}),
            vectors("block.1.answer", TOKENS)));
    assertSame("expected.parquet", "tokens.parquet");
  }

  @Test
  void folderWithoutTokens_hasNoFileOfThem() throws IOException {
    write(false);
    StatesParquet.write(folder);
    assertFalse(Files.exists(folder.resolve("tokens.parquet")));
  }

  /** NumPy's format by its documentation: magic, version, length, header to 64 bytes, values. */
  @Test
  void npyFile_hasTheBytesOfNumPy() throws IOException {
    write(true);
    Path file = folder.resolve("means.npy");
    MatrixFile.open(StatesFolder.tensorFile(folder)).writeNpy("block.1.mean-answer", file);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(128 + 8, bytes.remaining());
    String header = new String(bytes.array(), 1, 127, StandardCharsets.ISO_8859_1);
    assertEquals(
        "NUMPY\1\0v\0{'descr': '<f2', 'fortran_order': False, 'shape': (2, 2), }",
        header.stripTrailing());
    assertEquals((byte) 0x93, bytes.get(0));
    assertEquals('\n', bytes.get(127));
    for (int i = 0; i < 4; i++) {
      assertEquals(MEANS[i / 2][i % 2], Float.float16ToFloat(bytes.getShort(128 + 2 * i)));
    }
  }

  private void assertSame(String expected, String actual) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(folder.resolve(expected)), Files.readAllBytes(folder.resolve(actual)));
  }

  private static Column vectors(String name, float[][] rows) {
    return new Column.Vectors(
        name,
        rows[0].length,
        target -> {
          for (float[] row : rows) {
            target.take(row);
          }
        });
  }

  private void write(boolean tokens) throws IOException {
    TensorToWrite means = tensor("block.1.mean-answer", MEANS);
    SafetensorsWriter.write(
        folder.resolve("states.safetensors"),
        Map.of(),
        tokens ? List.of(means, tensor("block.1.answer", TOKENS)) : List.of(means));
    Files.writeString(
        folder.resolve("states.json"),
        """
        {"checkpoint": "c", "checkpoint_sha256": "s", "data_sha256": {"own": "d"}, "protocol": "p",
         "selection": {"dataset": "own", "skip": 0, "records": 1, "samples": 3}, "samples": 3,
         "points": ["block.1"], "positions": ["mean-answer"],
         "hidden": 2, "layers": 2, "dtype": "float16", "alpha": 0.1, "compute": "cpu", "versions": {}}
        """);
    Files.writeString(
        folder.resolve("index.jsonl"),
        """
        {"row":0,"token_row":0,"id":"a_1_cor","label":0,"grade":0.25,"task":"own","record":"a_1","prompt_tokens":9,"answer_tokens":1,"text":{"chars":5,"words":1,"last":".","overlap":0.5},"signals":{"hbar":0.1,"pri":-1.0},"error":""}
        {"row":-1,"token_row":0,"id":"a_2_cor","label":0,"task":"own","record":"a_2","prompt_tokens":0,"answer_tokens":0,"text":{"chars":5,"words":1,"last":".","overlap":0.5},"signals":{},"error":"too long"}
        {"row":1,"token_row":1,"id":"a_1_hal","label":1,"task":"own","record":"a_1","prompt_tokens":9,"answer_tokens":2,"text":{"chars":6,"words":2,"last":"é","overlap":0.0},"signals":{"hbar":0.2,"pri":3.0},"token_labels":"01","error":""}
        """);
  }

  private static TensorToWrite tensor(String name, float[][] rows) {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows.length * rows[0].length * Short.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        bytes.putShort(Float.floatToFloat16(value));
      }
    }
    return new TensorToWrite(
        name,
        DType.FLOAT16,
        List.of(rows.length, rows[0].length),
        channel -> channel.write(bytes.duplicate().flip()));
  }
}
