package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerLibraryTest {

  /** Any file on the class path does: unpacking does not look inside. */
  private static final String RESOURCE = "native/lib/tokenizers.properties";

  @TempDir private Path folder;

  @Test
  void firstFolderThatTakesTheFile_isUsed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file where a folder should be");
    Path good = folder.resolve("good");
    Path copy = TokenizerLibrary.unpack(RESOURCE, List.of(blocked, good));
    assertEquals(good.resolve("tokenizers.properties").toAbsolutePath(), copy);
    try (var in = TokenizerLibrary.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      assertArrayEquals(in.readAllBytes(), Files.readAllBytes(copy));
    }
    assertEquals(List.of("tokenizers.properties"), names(good));
  }

  @Test
  void sameCopy_isLeftAlone() throws IOException {
    Path copy = TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    FileTime then = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(copy, then);
    TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    assertEquals(then, Files.getLastModifiedTime(copy));
  }

  @Test
  void otherBytesOfTheSameSize_areReplaced() throws IOException {
    Path copy = TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    // The second time notes that it was compared.
    TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    assertTrue(names(folder).contains("tokenizers.properties.checked"), "noted");
    byte[] whole = Files.readAllBytes(copy);
    byte[] other = whole.clone();
    other[other.length - 1] ^= 1;
    FileTime then = Files.getLastModifiedTime(copy);
    Files.write(copy, other);
    Files.setLastModifiedTime(copy, then);
    TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    assertArrayEquals(whole, Files.readAllBytes(copy));
  }

  @Test
  void copyCutShort_isReplaced() throws IOException {
    Path copy = TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    byte[] whole = Files.readAllBytes(copy);
    Files.write(copy, new byte[] {1});
    TokenizerLibrary.unpack(RESOURCE, List.of(folder));
    assertArrayEquals(whole, Files.readAllBytes(copy));
  }

  @Test
  void noFolderWritable_isOneLineWithTheWayOut() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "x");
    String message =
        assertThrows(
                CheckpointException.class,
                () -> TokenizerLibrary.unpack(RESOURCE, List.of(blocked.resolve("a"))))
            .getMessage();
    assertTrue(message.contains(blocked.toString()) && message.contains("HBAR_HOME"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void machineWithoutLibrary_isNamed() {
    String message =
        assertThrows(
                CheckpointException.class,
                () -> TokenizerLibrary.unpack("native/lib/linux-pdp11/cpu/x.so", List.of(folder)))
            .getMessage();
    assertTrue(message.contains("linux-pdp11"), message);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
