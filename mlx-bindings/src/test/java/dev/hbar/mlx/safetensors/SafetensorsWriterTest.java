package dev.hbar.mlx.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsWriterTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("model.safetensors");
  }

  private static TensorSource bytes(byte... bytes) {
    return channel -> channel.write(ByteBuffer.wrap(bytes));
  }

  private static TensorToWrite uint8(String name, byte... bytes) {
    return new TensorToWrite(name, DType.UINT8, List.of(bytes.length), bytes(bytes));
  }

  private void write(TensorToWrite... tensors) {
    SafetensorsWriter.write(file, Map.of(), List.of(tensors));
  }

  private List<Path> filesLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void sameNotesInAnotherOrder_makeTheSameBytes() throws IOException {
    List<String> names = List.of("format", "engine", "dtype", "rope", "positions");
    Map<String, String> forward = new LinkedHashMap<>();
    names.forEach(name -> forward.put(name, "x"));
    Map<String, String> backward = new LinkedHashMap<>();
    names.reversed().forEach(name -> backward.put(name, "x"));
    SafetensorsWriter.write(file, forward, List.of(uint8("a", (byte) 1)));
    byte[] first = Files.readAllBytes(file);
    SafetensorsWriter.write(file, backward, List.of(uint8("a", (byte) 1)));
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  @Test
  void writtenFile_isReadBackExactly() throws IOException {
    var half =
        new TensorToWrite(
            "é \"quoted\\\" name", DType.FLOAT16, List.of(1, 2), bytes(new byte[] {4, 5, 6, 7}));
    var scalar = new TensorToWrite("scalar", DType.UINT8, List.of(), bytes((byte) 9));
    var empty = new TensorToWrite("empty", DType.FLOAT32, List.of(3, 0), _ -> {});

    SafetensorsWriter.write(
        file,
        Map.of("format", "mlx"),
        List.of(uint8("z", (byte) 1, (byte) 2), half, empty, scalar));

    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    assertEquals(Map.of("format", "mlx"), header.metadata());
    assertEquals(
        List.of("z", half.name(), "empty", "scalar"), List.copyOf(header.tensors().keySet()));
    assertEquals(List.of(1, 2), header.tensors().get(half.name()).shape());
    assertEquals(0, header.dataStart() % 8);
    byte[] all = Files.readAllBytes(file);
    assertArrayEquals(
        new byte[] {1, 2, 4, 5, 6, 7, 9},
        Arrays.copyOfRange(all, (int) header.dataStart(), all.length));
    assertEquals(List.of(file), filesLeft());
  }

  @Test
  void existingFileAndStaleTemporary_areReplaced() throws IOException {
    Files.writeString(file, "old");
    Files.writeString(folder.resolve("model.safetensors.tmp"), "left by a killed process");
    write(uint8("a", (byte) 1));
    assertEquals(1, SafetensorsHeaderReader.read(file).dataSize());
    assertEquals(List.of(file), filesLeft());
  }

  @Test
  void linkInPlaceOfTheTemporary_isNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Files.createSymbolicLink(folder.resolve("model.safetensors.tmp"), victim);
    write(uint8("a", (byte) 1));
    assertEquals("untouched", Files.readString(victim));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5})
  void sourceOfAnotherLength_leavesTheOldFile(int length) throws IOException {
    Files.writeString(file, "old");
    var tensor = new TensorToWrite("a", DType.FLOAT32, List.of(1), bytes(new byte[length]));
    String message = assertThrows(IllegalStateException.class, () -> write(tensor)).getMessage();
    assertTrue(message.contains("\"a\"") && message.contains("4 bytes"), message);
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), filesLeft());
  }

  @Test
  void failingSource_leavesTheOldFileAndNamesIt() throws IOException {
    Files.writeString(file, "old");
    var tensor =
        new TensorToWrite(
            "a",
            DType.UINT8,
            List.of(2),
            channel -> {
              channel.write(ByteBuffer.allocate(1));
              throw new IOException("No space left on device");
            });
    String message = assertThrows(MlxFileException.class, () -> write(tensor)).getMessage();
    assertTrue(message.startsWith(file + ": cannot be written: No space left on device"), message);
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), filesLeft());
  }

  @Test
  void missingFolder_isNamed() {
    Path lost = folder.resolve("no").resolve("model.safetensors");
    String message =
        assertThrows(
                MlxFileException.class, () -> SafetensorsWriter.write(lost, Map.of(), List.of()))
            .getMessage();
    assertTrue(message.startsWith(lost.toString()), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "50%", "a\nb", "a\0b", "__metadata__"})
  void unreadableName_isRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> write(uint8(name, (byte) 1)));
    assertFalse(Files.exists(file));
  }

  @Test
  void impossibleTensors_areRefused() {
    var max = Integer.MAX_VALUE;
    for (List<Integer> shape :
        List.of(List.of(-1), List.of(1, 1, 1, 1, 1, 1, 1, 1, 1), List.of(max, max, max))) {
      var tensor = new TensorToWrite("a", DType.FLOAT32, shape, _ -> {});
      assertThrows(IllegalArgumentException.class, () -> write(tensor));
    }
    assertThrows(
        IllegalArgumentException.class, () -> write(uint8("a", (byte) 1), uint8("a", (byte) 1)));
  }

  @Test
  void bytes_reachTheDiskWhileTheSourceStillWrites() {
    Path temporary = folder.resolve("model.safetensors.tmp");
    long[] seen = new long[2];
    var large =
        new TensorToWrite(
            "large",
            DType.UINT8,
            List.of(2, 1 << 20),
            channel -> {
              for (int i = 0; i < 2; i++) {
                channel.write(ByteBuffer.allocate(1 << 20));
                seen[i] = Files.size(temporary);
              }
            });
    write(large);
    assertTrue(seen[0] > 1 << 20, "buffered in memory");
    assertEquals(1 << 20, seen[1] - seen[0]);
  }

  @Test
  void sumsAmongTheNotes_areThoseOfEachTensorsBytes() {
    TensorSource inPieces =
        channel -> {
          assertTrue(channel.isOpen());
          assertEquals(4, channel.write(ByteBuffer.wrap("1234".getBytes(StandardCharsets.UTF_8))));
          assertEquals(5, channel.write(ByteBuffer.wrap("56789".getBytes(StandardCharsets.UTF_8))));
        };
    SafetensorsWriter.writeSummed(
        file,
        Map.of("format", "mlx"),
        List.of(new TensorToWrite("nine", DType.UINT8, List.of(9), inPieces), uint8("none")));

    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    // The check value of CRC-32C, and that of no byte.
    assertEquals(
        Map.of("format", "mlx", "sum.nine", "e3069283", "sum.none", "00000000"), header.metadata());
    Checksum right = new Checksum();
    right.add(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.UTF_8)));
    header.requireSum("nine", right);
    header.requireSum("of another file", new Checksum());
    String message =
        assertThrows(MlxFileException.class, () -> header.requireSum("nine", new Checksum()))
            .getMessage();
    assertTrue(message.contains("the checksum of nine does not fit"), message);
    assertEquals("e3069283", Checksum.of("123456789"));
  }

  @Test
  void pieceThatIsTooMuch_isNotWritten() throws IOException {
    long[] size = new long[1];
    var tensor =
        new TensorToWrite(
            "a",
            DType.UINT8,
            List.of(4),
            channel -> {
              channel.write(ByteBuffer.allocate(3));
              size[0] = Files.size(folder.resolve("model.safetensors.tmp"));
              try {
                channel.write(ByteBuffer.allocate(2));
              } finally {
                size[0] -= Files.size(folder.resolve("model.safetensors.tmp"));
              }
            });
    String message = assertThrows(IllegalStateException.class, () -> write(tensor)).getMessage();
    assertTrue(message.contains("writes more than its 4 bytes"), message);
    assertEquals(0, size[0]);
  }

  @Test
  void namesRanksAndCounts_areAllowedUpToTheirMost() {
    write(
        new TensorToWrite(
            "n".repeat(512), DType.UINT8, List.of(1, 1, 1, 1, 1, 1, 1, 1), bytes((byte) 1)));
    assertEquals(
        8, SafetensorsHeaderReader.read(file).tensors().get("n".repeat(512)).shape().size());
    assertThrows(IllegalArgumentException.class, () -> write(uint8("n".repeat(513), (byte) 1)));

    List<TensorToWrite> most =
        IntStream.rangeClosed(1, 100_000).mapToObj(i -> uint8("t" + i)).toList();
    SafetensorsWriter.write(file, Map.of(), most);
    assertEquals(100_000, SafetensorsHeaderReader.read(file).tensors().size());
    List<TensorToWrite> more = new ArrayList<>(most);
    more.add(uint8("more"));
    assertThrows(
        IllegalArgumentException.class, () -> SafetensorsWriter.write(file, Map.of(), more));
  }
}
