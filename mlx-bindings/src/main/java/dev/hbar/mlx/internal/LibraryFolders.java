package dev.hbar.mlx.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where libmlx and libmlxc may lie, in the order they are tried. Absolute paths only: bare names
 * depend on the working folder, and macOS drops DYLD variables on the way through /bin/sh.
 *
 * @param mlx absolute path of libmlx
 * @param mlxc absolute path of libmlxc, linked against exactly that libmlx
 */
record LibraryFolders(Path mlx, Path mlxc) {
  static final String PROPERTY = "hbar.mlx.library.path";
  static final String VARIABLE = "HBAR_MLX_LIBRARY_PATH";

  /** The candidates in order: property, variable, HBAR_HOME, the project's own folder, Homebrew. */
  static List<LibraryFolders> candidates(Properties properties, Map<String, String> environment) {
    String suffix = properties.getProperty("os.name", "").startsWith("Mac") ? ".dylib" : ".so";
    List<LibraryFolders> found = new ArrayList<>();
    addFolder(found, properties.getProperty(PROPERTY), suffix);
    if (!found.isEmpty()) {
      return found;
    }
    addFolder(found, environment.get(VARIABLE), suffix);
    if (!found.isEmpty()) {
      return found;
    }
    if (environment.containsKey("HBAR_HOME")) {
      addFolder(found, environment.get("HBAR_HOME") + "/native/mlx/lib", suffix);
    }
    String root = properties.getProperty("hbar.root");
    if (root != null) {
      addFolder(found, root + "/.hbar/native/mlx/lib", suffix);
    }
    if (suffix.equals(".dylib")) {
      Path brew = Path.of("/opt/homebrew/opt");
      found.add(
          new LibraryFolders(
              brew.resolve("mlx/lib/libmlx.dylib"), brew.resolve("mlx-c/lib/libmlxc.dylib")));
    }
    return found;
  }

  private static void addFolder(List<LibraryFolders> found, String folder, String suffix) {
    if (folder != null && !folder.isBlank()) {
      Path path = Path.of(folder).toAbsolutePath().normalize();
      found.add(
          new LibraryFolders(path.resolve("libmlx" + suffix), path.resolve("libmlxc" + suffix)));
    }
  }

  boolean exists() {
    return Files.isRegularFile(mlx) && Files.isRegularFile(mlxc);
  }
}
