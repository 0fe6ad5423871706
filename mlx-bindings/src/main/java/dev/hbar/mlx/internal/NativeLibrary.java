package dev.hbar.mlx.internal;

import dev.hbar.mlx.MlxUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Finds and loads libmlx and libmlxc, once for the process: two copies would mean two allocators
 * and two stream tables. libmlx first, both by absolute path, so that a wrong run path in libmlxc
 * does not matter.
 */
public final class NativeLibrary {
  private static Path loadedFrom;

  private NativeLibrary() {}

  /** Loads the libraries, installs the error handler and passes the version gate. Idempotent. */
  static synchronized void load() {
    if (loadedFrom != null) {
      return;
    }
    Properties properties = System.getProperties();
    requirePlatform(properties.getProperty("os.name"), properties.getProperty("os.arch"));
    List<LibraryFolders> candidates = LibraryFolders.candidates(properties, System.getenv());
    LibraryFolders chosen =
        candidates.stream()
            .filter(LibraryFolders::exists)
            .findFirst()
            .orElseThrow(() -> notFound(candidates));
    open(chosen.mlx());
    open(chosen.mlxc());
    VersionGate.requireSymbols(chosen.mlxc());
    ErrorTrap.install();
    VersionGate.requireVersion(chosen.mlxc());
    loadedFrom = chosen.mlxc().getParent();
  }

  /** The folder of the loaded libmlxc. */
  public static synchronized Path folder() {
    load();
    return loadedFrom;
  }

  static void requirePlatform(String os, String architecture) {
    if (os.startsWith("Windows")) {
      throw new MlxUnavailableException(
          "MLX has no Windows build: use macOS on Apple Silicon, or Linux");
    }
    if (os.startsWith("Mac") && !architecture.equals("aarch64")) {
      throw new MlxUnavailableException(
          "this JDK is " + architecture + ": install an aarch64 JDK, MLX is arm64 code");
    }
  }

  private static void open(Path library) {
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError refused) {
      throw new MlxUnavailableException(
          "cannot load " + library + ": " + refused.getMessage() + "; run scripts/setup again");
    } catch (IllegalCallerException denied) {
      throw new MlxUnavailableException(
          "native access is denied: start java with --enable-native-access=ALL-UNNAMED"
              + " (or =dev.hbar.mlx on the module path)");
    }
  }

  private static MlxUnavailableException notFound(List<LibraryFolders> candidates) {
    String searched =
        candidates.isEmpty()
            ? "nowhere, because no folder is configured"
            : candidates.stream()
                .map(folders -> folders.mlxc().toString())
                .collect(Collectors.joining(", "));
    return new MlxUnavailableException(
        "libmlx and libmlxc not found, searched "
            + searched
            + "; run scripts/setup, or name their folder with -D"
            + LibraryFolders.PROPERTY
            + " or "
            + LibraryFolders.VARIABLE);
  }
}
