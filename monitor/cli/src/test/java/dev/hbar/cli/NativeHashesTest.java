package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeHashesTest {
  // From sha256sum.
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  libmlx.so\n";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  libmlxc.so\n";

  @TempDir private Path folder;

  @Test
  void librariesAsSetUpWroteThem_areUnchanged() throws IOException {
    write("abc", "");
    assertEquals(List.of(), Diagnosis.NativeHashes.changed(folder));
  }

  @Test
  void otherBytesOfTheSameSize_areNamed() throws IOException {
    write("abd", "");
    assertEquals(List.of("libmlx.so"), Diagnosis.NativeHashes.changed(folder));
  }

  @Test
  void libraryThatIsGone_isNamed() throws IOException {
    write("abc", "");
    Files.delete(folder.resolve("libmlxc.so"));
    assertEquals(List.of("libmlxc.so"), Diagnosis.NativeHashes.changed(folder));
  }

  @Test
  void noList_isAnErrorOfItsOwn() {
    assertThrows(IOException.class, () -> Diagnosis.NativeHashes.changed(folder));
  }

  private void write(String mlx, String mlxc) throws IOException {
    Files.writeString(folder.resolve("libmlx.so"), mlx);
    Files.writeString(folder.resolve("libmlxc.so"), mlxc);
    Files.writeString(folder.resolve("hbar.sha256"), ABC + EMPTY);
  }
}
