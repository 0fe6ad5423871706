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
    String suffix = suffix(properties);
    List<LibraryFolders> found = new ArrayList<>();
    addFolder(found, named(properties, environment), suffix);
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

  /** The folder that somebody named, so that no other one is searched; blank for none. */
  static String named(Properties properties, Map<String, String> environment) {
    String property = properties.getProperty(PROPERTY, "");
    return property.isBlank() ? environment.getOrDefault(VARIABLE, "") : property;
  }

  static String suffix(Properties properties) {
    return properties.getProperty("os.name", "").startsWith("Mac") ? ".dylib" : ".so";
  }

  /** Both libraries in one folder. */
  static LibraryFolders in(Path folder, String suffix) {
    return new LibraryFolders(
        folder.resolve("libmlx" + suffix), folder.resolve("libmlxc" + suffix));
  }

  private static void addFolder(List<LibraryFolders> found, String folder, String suffix) {
    if (folder != null && !folder.isBlank()) {
      found.add(in(Path.of(folder).toAbsolutePath().normalize(), suffix));
    }
  }

  boolean exists() {
    return Files.isRegularFile(mlx) && Files.isRegularFile(mlxc);
  }
}
