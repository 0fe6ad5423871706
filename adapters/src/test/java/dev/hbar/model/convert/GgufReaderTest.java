package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufReaderTest {

  @TempDir private Path folder;

  private GgufFile read(GgufBytes bytes) throws IOException {
    return GgufReader.read(bytes.write(folder.resolve("model.gguf")));
  }

  private static GgufBytes sound() {
    return new GgufBytes()
        .text("a.text", "Grüße")
        .u32("a.number", -1)
        .f32("a.float", 0.5f)
        .flag("a.flag", true)
        .texts("a.texts", List.of("x", ""))
        .i32s("a.numbers", List.of(1, -2))
        .tensor("first", TinyGguf.F32, new byte[24], 3, 2)
        .tensor("second", TinyGguf.Q8_0, new byte[34 * 4], 64, 2);
  }

  @Test
  void soundFile_isReadWithAllValues() throws IOException {
    GgufFile file = read(sound());
    assertEquals(3, file.version());
    GgufMetadata values = file.metadata();
    assertEquals("Grüße", values.requiredText("a.text"));
    assertEquals(4294967295.0, values.requiredNumber("a.number"));
    assertEquals(0.5, values.requiredNumber("a.float"));
    assertEquals(true, values.flag("a.flag").orElseThrow());
    assertEquals(List.of("x", ""), values.texts("a.texts").orElseThrow());
    assertEquals(List.of(1L, -2L), values.integers("a.numbers").orElseThrow());
  }

  @Test
  void tensors_haveShapesOutermostFirstAndLieInTheFile() throws IOException {
    GgufFile file = read(sound());
    GgufTensor first = file.tensor("first").orElseThrow();
    GgufTensor second = file.tensor("second").orElseThrow();
    assertEquals(List.of(2, 3), first.shape());
    assertEquals(List.of(2, 64), second.shape());
    assertEquals(24, first.bytes());
    assertEquals(136, second.bytes());
    assertEquals(first.offset() + 32, second.offset());
    assertEquals(0, first.offset() % 32);
  }

  @Test
  void versionTwo_isReadToo() throws IOException {
    assertEquals(2, read(sound().version(2)).version());
  }

  static Stream<Arguments> damaged() {
    byte[] endless =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40).array();
    byte[] negative = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array();
    byte[] manyItems =
        ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(8).putLong(1 << 22).array();
    byte[] nested = new byte[120];
    for (int i = 0; i < 10; i++) {
      ByteBuffer.wrap(nested)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(i * 12, 9)
          .putLong(i * 12 + 4, 1);
    }
    byte[] notUtf8 = {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xC3, 0x28};
    return Stream.of(
        Arguments.of("bad magic", sound().magic(0x12345678), "not a GGUF file"),
        Arguments.of("version 1", sound().version(1), "version 1"),
        Arguments.of("version 4", sound().version(4), "version 4"),
        Arguments.of("big-endian", sound().version(0x03000000), "big-endian"),
        Arguments.of("absurd tensor count", sound().tensorCount(1L << 60), "number of tensors"),
        Arguments.of("negative tensor count", sound().tensorCount(-1), "number of tensors"),
        Arguments.of("more tensors than fit", sound().tensorCount(90_000), "can hold"),
        Arguments.of("absurd key count", sound().keyCount(1L << 40), "number of metadata keys"),
        Arguments.of("more keys than there are", sound().keyCount(7), "before byte"),
        Arguments.of("string past the end", sound().raw("s", 8, endless), "length of a string"),
        Arguments.of("negative string length", sound().raw("s", 8, negative), "length of a string"),
        Arguments.of("string not UTF-8", sound().raw("s", 8, notUtf8), "UTF-8"),
        Arguments.of("array past the end", sound().raw("s", 9, manyItems), "length of an array"),
        Arguments.of("arrays nested too deep", sound().raw("s", 9, nested), "nested"),
        Arguments.of("unknown value type", sound().raw("s", 99, new byte[8]), "value type 99"),
        Arguments.of("flag of 2", sound().raw("s", 7, new byte[] {2}), "flag"),
        Arguments.of("alignment 3", sound().u32("general.alignment", 3), "general.alignment"),
        Arguments.of("alignment 0", sound().u32("general.alignment", 0), "general.alignment"),
        Arguments.of(
            "alignment text", sound().text("general.alignment", "32"), "general.alignment"),
        Arguments.of("overlap", sound().offset(at -> 0), "overlaps"),
        Arguments.of("offset not aligned", sound().offset(at -> at + 4), "not aligned"),
        Arguments.of("offset past the end", sound().offset(at -> at + (1 << 20)), "past the end"),
        Arguments.of(
            "offset near 2^63", sound().offset(at -> Long.MAX_VALUE - 31 - at), "past the end"),
        Arguments.of("negative offset", sound().offset(at -> -32), "not aligned"),
        Arguments.of("data cut by one byte", sound().cut(25), "past the end"),
        Arguments.of(
            "IQ quant", sound().tensor("t", 16, new byte[66], 256), "\"t\" has type IQ2_XXS"),
        Arguments.of("unknown type", sound().tensor("t", 77, new byte[32], 8), "number 77"),
        Arguments.of("no dimension", sound().tensor("t", 0, new byte[4]), "0 dimensions"),
        Arguments.of(
            "five dimensions", sound().tensor("t", 0, new byte[4], 1, 1, 1, 1, 1), "5 dimensions"),
        Arguments.of("dimension 0", sound().tensor("t", 0, new byte[4], 0), "impossible shape"),
        Arguments.of("dimension -1", sound().tensor("t", 0, new byte[4], -1), "impossible shape"),
        Arguments.of("shape that overflows", overflowing(), "impossible shape"),
        Arguments.of(
            "half a block", sound().tensor("t", 8, new byte[34], 16), "no multiple of 32"));
  }

  private static GgufBytes overflowing() {
    long big = Integer.MAX_VALUE;
    return sound().tensor("t", 0, new byte[4], big, big, big);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void damagedFile_isRefusedInOneLine(String name, GgufBytes bytes, String reason) {
    String message = assertThrows(CheckpointException.class, () -> read(bytes)).getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains(folder.resolve("model.gguf").toString()), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void fileCutAnywhere_isRefused() throws IOException {
    byte[] whole = sound().build();
    // The padding behind the last tensor is not needed.
    int needed = whole.length - 24;
    for (int length = 0; length < needed; length++) {
      Path file = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
      assertThrows(CheckpointException.class, () -> GgufReader.read(file), "cut at " + length);
    }
  }

  @Test
  void sameKeyTwice_isRefused() throws IOException {
    byte[] bytes = sound().u32("b.other", 1).u32("b.othex", 2).build();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("b.othex") + 6] = 'r';
    Path file = Files.write(folder.resolve("twice.gguf"), bytes);
    String message =
        assertThrows(CheckpointException.class, () -> GgufReader.read(file)).getMessage();
    assertTrue(message.contains("b.other"), message);
  }

  @Test
  void missingFileOrFolder_isRefused() {
    assertThrows(CheckpointException.class, () -> GgufReader.read(folder.resolve("none.gguf")));
    assertThrows(CheckpointException.class, () -> GgufReader.read(folder));
  }
}
