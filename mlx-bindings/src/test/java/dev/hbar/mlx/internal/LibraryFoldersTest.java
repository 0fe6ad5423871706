package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFoldersTest {
  private static List<String> folders(Properties properties, Map<String, String> environment) {
    return LibraryFolders.candidates(properties, environment).stream()
        .map(folders -> folders.mlxc().toString())
        .toList();
  }

  private static Properties properties(String... pairs) {
    Properties properties = new Properties();
    properties.setProperty("os.name", "Linux");
    for (int i = 0; i < pairs.length; i += 2) {
      properties.setProperty(pairs[i], pairs[i + 1]);
    }
    return properties;
  }

  @Test
  void property_isTheOnlyCandidateWhereItIsSet() {
    Properties both = properties(LibraryFolders.PROPERTY, "/a/lib", "hbar.root", "/project");
    assertEquals(
        List.of("/a/lib/libmlxc.so"),
        folders(both, Map.of(LibraryFolders.VARIABLE, "/b", "HBAR_HOME", "/c")));
  }

  @Test
  void variable_isTheOnlyCandidateWithoutTheProperty() {
    assertEquals(
        List.of("/b/libmlxc.so"),
        folders(
            properties("hbar.root", "/project"),
            Map.of(LibraryFolders.VARIABLE, "/b", "HBAR_HOME", "/c")));
  }

  @Test
  void homeFolder_comesBeforeTheProject() {
    assertEquals(
        List.of("/c/native/mlx/lib/libmlxc.so", "/project/.hbar/native/mlx/lib/libmlxc.so"),
        folders(properties("hbar.root", "/project"), Map.of("HBAR_HOME", "/c")));
  }

  @Test
  void mac_endsWithHomebrew() {
    Properties mac = properties("hbar.root", "/project");
    mac.setProperty("os.name", "Mac OS X");
    assertEquals(
        List.of(
            "/project/.hbar/native/mlx/lib/libmlxc.dylib",
            "/opt/homebrew/opt/mlx-c/lib/libmlxc.dylib"),
        folders(mac, Map.of()));
  }

  @Test
  void nothingConfigured_isAnEmptyList() {
    assertEquals(List.of(), folders(properties(), Map.of()));
    assertEquals(List.of(), folders(properties(LibraryFolders.PROPERTY, " "), Map.of()));
  }

  @Test
  void relativeFolder_becomesAbsolute() {
    Path only = Path.of(folders(properties(LibraryFolders.PROPERTY, "x/../lib"), Map.of()).get(0));
    assertEquals(Path.of("").toAbsolutePath().resolve("lib/libmlxc.so"), only);
  }

  @Test
  void folder_existsWithBothLibrariesOnly(@TempDir Path folder) throws Exception {
    LibraryFolders folders =
        new LibraryFolders(folder.resolve("libmlx.so"), folder.resolve("libmlxc.so"));
    Files.createFile(folders.mlxc());
    assertFalse(folders.exists());
    Files.createFile(folders.mlx());
    assertTrue(folders.exists());
  }
}
