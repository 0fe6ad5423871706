package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryHashesTest {
  // From sha256sum.
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  libmlx.so\n";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  libmlxc.so\n";

  @TempDir private Path folder;

  @Test
  void librariesAsSetUpWroteThem_areUnchanged() throws IOException {
    write("abc", "");
    assertEquals(List.of(), LibraryHashes.changed(folder));
  }

  @Test
  void otherBytesOfTheSameSize_areNamed() throws IOException {
    write("abd", "");
    assertEquals(List.of("libmlx.so"), LibraryHashes.changed(folder));
  }

  @Test
  void libraryThatIsGone_isNamed() throws IOException {
    write("abc", "");
    Files.delete(folder.resolve("libmlxc.so"));
    assertEquals(List.of("libmlxc.so"), LibraryHashes.changed(folder));
  }

  @Test
  void noList_isAnErrorOfItsOwn() {
    assertThrows(IOException.class, () -> LibraryHashes.changed(folder));
  }

  @Test
  void byteChangedWithTimeAndSizePutBack_isRefusedThoughItWasNoted() throws IOException {
    write("abc", "");
    LibraryHashes.requireUnchanged(folder);
    assertTrue(Files.exists(folder.resolve("hbar.checked")));
    Path library = folder.resolve("libmlx.so");
    FileTime then = Files.getLastModifiedTime(library);
    Files.writeString(library, "abd");
    Files.setLastModifiedTime(library, then);
    String message =
        assertThrows(MlxUnavailableException.class, () -> LibraryHashes.requireUnchanged(folder))
            .getMessage();
    assertTrue(message.contains(library.toString()) && message.contains("scripts/setup"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void otherList_isComparedAgain() throws IOException {
    write("abc", "");
    LibraryHashes.requireUnchanged(folder);
    Files.writeString(folder.resolve("hbar.sha256"), ABC.replace("ba78", "ba79") + EMPTY);
    assertThrows(MlxUnavailableException.class, () -> LibraryHashes.requireUnchanged(folder));
  }

  @Test
  void noList_isNotCompared() throws IOException {
    Files.writeString(folder.resolve("libmlx.so"), "anything");
    LibraryHashes.requireUnchanged(folder);
    assertFalse(Files.exists(folder.resolve("hbar.checked")));
  }

  @Test
  void noteThatOthersMayWrite_isNotBelieved() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "abc");
    Path note = folder.resolve("note");
    CheckedFiles checked = new CheckedFiles(note, List.of(file));
    assertFalse(checked.untouched());
    checked.write();
    assertTrue(checked.untouched());
    Files.setPosixFilePermissions(note, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertFalse(checked.untouched());
    Files.delete(note);
    Path elsewhere = folder.resolve("elsewhere");
    new CheckedFiles(elsewhere, List.of(file)).write();
    Files.createSymbolicLink(note, elsewhere);
    assertFalse(checked.untouched());
  }

  private void write(String mlx, String mlxc) throws IOException {
    Files.writeString(folder.resolve("libmlx.so"), mlx);
    Files.writeString(folder.resolve("libmlxc.so"), mlxc);
    Files.writeString(folder.resolve("hbar.sha256"), ABC + EMPTY);
  }
}
