package dev.hbar.mlx.internal;

import dev.hbar.mlx.Installation;
import dev.hbar.mlx.LibraryHashes;
import dev.hbar.mlx.MlxUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds and loads libmlx and libmlxc, once for the process: two copies would mean two allocators
 * and two stream tables. Always by absolute path.
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
    LibraryFolders chosen = find(properties, System.getenv());
    LibraryHashes.requireUnchanged(chosen.mlxc().getParent());
    try {
      open(chosen);
    } catch (IllegalCallerException denied) {
      throw new MlxUnavailableException(
          "native access is denied: start java with --enable-native-access=ALL-UNNAMED"
              + " (or =dev.hbar.mlx on the module path)");
    }
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

  /** The first place that has both libraries; a natives jar is the last one. */
  static LibraryFolders find(Properties properties, Map<String, String> environment) {
    List<LibraryFolders> candidates = LibraryFolders.candidates(properties, environment);
    return candidates.stream()
        .filter(LibraryFolders::exists)
        .findFirst()
        .or(() -> inJar(properties, environment))
        .orElseThrow(() -> notFound(candidates, NativesJar.platform(properties)));
  }

  private static Optional<LibraryFolders> inJar(
      Properties properties, Map<String, String> environment) {
    if (!LibraryFolders.named(properties, environment).isBlank()) {
      return Optional.empty();
    }
    String platform = NativesJar.platform(properties);
    return Stream.of(
            NativeLibrary.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
        .filter(Objects::nonNull)
        .flatMap(loader -> NativesJar.find(loader, platform).stream())
        .findFirst()
        .map(jar -> jar.unpack(NativesJar.caches(properties, environment)))
        .map(folder -> LibraryFolders.in(folder, LibraryFolders.suffix(properties)));
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

  /**
   * The ways to load, in the order they are tried; each is a list of files to open.
   *
   * <p>libmlxc alone comes first: it brings libmlx along. On Linux it is linked to OpenBLAS ahead
   * of libmlx, and the library that is opened first decides where libmlx finds its BLAS; the other
   * order is 20 times slower. On a Mac its run path, @loader_path, is what finds the libraries that
   * libmlx needs: the one for macOS 26 asks for @rpath/libjaccl.dylib and has no run path itself.
   * Opening libmlx before it is for a libmlxc whose own run path leads nowhere.
   */
  static List<List<Path>> ways(LibraryFolders chosen) {
    return List.of(List.of(chosen.mlxc()), List.of(chosen.mlx(), chosen.mlxc()));
  }

  private static void open(LibraryFolders chosen) {
    if (System.getProperty("os.name").equals("Linux")) {
      BlasCore.choose();
    }
    Optional<MlxUnavailableException> refused = Optional.empty();
    for (List<Path> way : ways(chosen)) {
      try {
        way.forEach(NativeLibrary::open);
        return;
      } catch (MlxUnavailableException failed) {
        // The last way says what is really wrong.
        refused = Optional.of(failed);
      }
    }
    throw refused.orElseThrow();
  }

  private static void open(Path library) {
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError refused) {
      throw new MlxUnavailableException(
          "cannot load "
              + library
              + ": "
              + refused.getMessage()
              + "; "
              + Installation.current().remedy());
    }
  }

  private static MlxUnavailableException notFound(
      List<LibraryFolders> candidates, String platform) {
    String searched =
        candidates.isEmpty()
            ? "nowhere, because no folder is configured"
            : candidates.stream()
                .map(folders -> folders.mlxc().toString())
                .collect(Collectors.joining(", "));
    return new MlxUnavailableException(
        "libmlx and libmlxc not found, searched "
            + searched
            + "; "
            + Installation.current().remedy()
            + ", or name their folder with -D"
            + LibraryFolders.PROPERTY
            + " or "
            + LibraryFolders.VARIABLE
            + ", or add dev.hbar:mlx-natives with the classifier "
            + platform);
  }
}
