package dev.hbar.mlx.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsHeaderReaderTest {
  @TempDir private Path folder;

  /** The bytes of a file with this header and as many data bytes. */
  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.safetensors"), bytes);
  }

  private String messageFor(byte[] bytes) throws IOException {
    Path file = write(bytes);
    String message =
        assertThrows(MlxFileException.class, () -> SafetensorsHeaderReader.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.lines().count() == 1, message);
    return message;
  }

  @Test
  void validFile_isReadInDataOrder() throws IOException {
    Path file =
        write(
            file(
                """
                {"__metadata__":{"format":"mlx"},
                 "b":{"dtype":"F16","shape":[2,2],"data_offsets":[4,12]},
                 "a":{"dtype":"U32","shape":[1],"data_offsets":[0,4]},
                 "c":{"dtype":"BF16","shape":[],"data_offsets":[12,14]},
                 "d":{"dtype":"F32","shape":[0,7],"data_offsets":[14,14]}}\
                """
                    + "   ",
                14));

    SafetensorsHeader header = SafetensorsHeaderReader.read(file);

    assertEquals(Map.of("format", "mlx"), header.metadata());
    assertEquals(List.of("a", "b", "c", "d"), List.copyOf(header.tensors().keySet()));
    assertEquals(
        new TensorInfo("b", DType.FLOAT16, List.of(2, 2), 4, 12), header.tensors().get("b"));
    assertEquals(4, header.tensors().get("b").elements());
    assertEquals(1, header.tensors().get("c").elements());
    assertEquals(0, header.tensors().get("d").elements());
    assertEquals(Files.size(file), header.fileSize());
    assertEquals(14, header.dataSize());
  }

  @Test
  void headerOfNoTensors_isEmpty() throws IOException {
    assertEquals(Map.of(), SafetensorsHeaderReader.read(write(file("{}", 0))).tensors());
  }

  @Test
  void nullMetadata_isNone() throws IOException {
    Path file = write(file("{\"__metadata__\":null}", 0));
    assertEquals(Map.of(), SafetensorsHeaderReader.read(file).metadata());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                        | 0 | does not begin with '{'
          {"a":                                                     | 0 | not valid JSON
          {} {}                                                     | 0 | has data after its JSON object
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} | 2 | field 'a' is there twice
          {"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | field 'dtype' is there twice
          {"a":{"x":[[[[1]]]]}}                                     | 0 | nested more than
          {"a":7}                                                   | 0 | entry of tensor "a" is not an object
          {"a":{"shape":[1],"data_offsets":[0,1]}}                  | 1 | tensor "a" has no dtype
          {"a":{"dtype":"U8","data_offsets":[0,1]}}                 | 1 | tensor "a" has no shape
          {"a":{"dtype":"U8","shape":[1]}}                          | 1 | tensor "a" has no data_offsets
          {"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}} | 1 | tensor "a" has dtype "F8_E4M3", which is unsupported
          {"a":{"dtype":"U7","shape":[1],"data_offsets":[0,1]}}     | 1 | tensor "a" has dtype "U7", which is unsupported
          {"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}        | 1 | dtype that is not a string
          {"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}       | 1 | shape that is not a list
          {"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}    | 1 | negative number -1 in its shape
          {"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}    | 0 | negative number -0 in its shape
          {"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}   | 1 | other than an integer in its shape
          {"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}   | 1 | other than an integer in its shape
          {"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}   | 1 | other than an integer in its shape
          {"a":{"dtype":"U8","shape":[4294967297],"data_offsets":[0,1]}} | 1 | dimension of 4294967297
          {"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}} | 1 | more than 8 numbers in its shape
          {"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}} | 4 | more bytes than a file can have
          {"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}} | 0 | more bytes than a file can have
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}    | 4 | has 4 bytes, but F32 of shape [2] takes 8
          {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F32","shape":[2],"data_offsets":[3,7]}} | 7 | has 4 bytes, but F32 of shape [2] takes 8
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}     | 1 | before its begin
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}       | 1 | has 1 data_offsets instead of 2
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}   | 1 | more than 2 numbers in its data_offsets
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,18446744073709551616]}} | 1 | out of range
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}} | 1 | belong to none
          {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}} | 3 | tensor "b" begins at byte 1, inside
          {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}} | 5 | bytes 2 to 3 before tensor "b" belong to none
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}     | 2 | bytes 0 to 1 before tensor "a"
          {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}     | 3 | 1 bytes after the last tensor
          {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}     | 1 | take 2 bytes, but only 1 follow
          {"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}      | 1 | empty name
          {"a%s":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   | 1 | "a%s" holds a '%'
          {"a\\u0000":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | control character
          {"a\\n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}  | 1 | "a\\u000a" holds a control character
          {"a\\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | surrogate
          {"__metadata__":[]}                                       | 0 | __metadata__ is not an object
          {"__metadata__":{"k":1}}                                  | 0 | "k" in __metadata__ is not a string
          """)
  void malformedHeader_isRefusedByName(String header, int dataBytes, String expected)
      throws IOException {
    String message = messageFor(file(header, dataBytes));
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {513, 4_000, 1_000_000})
  void longName_isRefused(int length) throws IOException {
    String name = "n".repeat(length);
    String message =
        messageFor(
            file("{\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1));
    assertTrue(message.contains("characters") || message.contains("longer than 4096"), message);
    assertTrue(message.length() < 600, message);
  }

  @Test
  void tooManyTensors_areRefused() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= 100_000; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"t%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i));
    }
    String message = messageFor(file(header.append('}').toString(), 0));
    assertTrue(message.contains("more than 100000 tensors"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, it claims a header of 0 bytes",
    "3, but the file has 10",
    "1099511627776, 'claims a header of 1099511627776 bytes, but'",
    "-1, claims a header of 18446744073709551615 bytes",
  })
  void impossibleHeaderLength_isRefused(long length, String expected) throws IOException {
    byte[] bytes =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .put((byte) '}')
            .array();
    String message = messageFor(bytes);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void headerOver100MB_isRefusedUnread() throws IOException {
    Path file = write(file("{", 0));
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 29).array());
      raw.setLength(1L << 30); // sparse
    }
    String message =
        assertThrows(MlxFileException.class, () -> SafetensorsHeaderReader.read(file)).getMessage();
    assertTrue(message.contains("more than 100000000"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void fileShorterThanTheLength_isRefused(int size) throws IOException {
    String message = messageFor(new byte[size]);
    assertTrue(message.contains("it has " + size + " bytes"), message);
  }

  @Test
  void everyTruncation_isRefused() throws IOException {
    byte[] whole = file("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3);
    for (int length = 0; length < whole.length; length++) {
      messageFor(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void lengthAlone_isNoHeader() throws IOException {
    assertTrue(messageFor(new byte[8]).contains("it claims a header of 0 bytes"));
  }

  @Test
  void headerThatBeginsWithASpace_isRefused() throws IOException {
    assertTrue(messageFor(file(" {}", 0)).contains("does not begin with '{'"));
  }

  @Test
  void headerThatIsNotUtf8_isRefused() throws IOException {
    byte[] bytes = file("{\"a\":1}", 0);
    bytes[8 + 2] = (byte) 0xC0;
    assertTrue(messageFor(bytes).contains("not valid UTF-8"));
  }

  @Test
  void headerInUtf16_isRefused() throws IOException {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_16LE);
    byte[] bytes = file("{}  ", 0);
    System.arraycopy(json, 0, bytes, 8, json.length);
    assertTrue(messageFor(bytes).contains("not valid JSON"));
  }

  @Test
  void missingFile_isNamed() {
    Path file = folder.resolve("no such.safetensors");
    String message =
        assertThrows(MlxFileException.class, () -> SafetensorsHeaderReader.read(file)).getMessage();
    assertTrue(message.contains("no such file"), message);
  }

  @Test
  void directory_isRefused() {
    String message =
        assertThrows(MlxFileException.class, () -> SafetensorsHeaderReader.read(folder))
            .getMessage();
    assertTrue(message.contains("is a directory"), message);
  }

  @Test
  void device_isRefusedWithoutBlocking() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThrows(
                MlxFileException.class, () -> SafetensorsHeaderReader.read(Path.of("/dev/zero"))));
  }

  @Test
  void fifo_isRefusedWithoutBlocking() throws Exception {
    Path fifo = folder.resolve("model.safetensors");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertTrue(
                assertThrows(MlxFileException.class, () -> SafetensorsHeaderReader.read(fifo))
                    .getMessage()
                    .contains("not a regular file")));
  }

  @Test
  void fileChangedAfterTheHeader_isNoticed() throws IOException {
    Path file = write(file("{}", 0));
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    header.requireUnchanged();

    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertTrue(
        assertThrows(MlxFileException.class, header::requireUnchanged)
            .getMessage()
            .contains("changed while it was read"));
  }

  @Test
  void fileReplacedAfterTheHeader_isNoticed() throws IOException {
    Path file = write(file("{}", 0));
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);

    Path other = Files.write(folder.resolve("other"), Files.readAllBytes(file));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    assertThrows(MlxFileException.class, header::requireUnchanged);
  }
}
