package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether a Mac would load MLX, read from the libraries of every wheel that scripts/setup may
 * choose there. scripts/test downloads them.
 */
class MacWheelTest {
  private static final String LIB = "/hbar/native/mlx/lib/";

  /** As scripts/lib/native/build.sh links it: beside libmlx, with @loader_path as its run path. */
  private static final MachO LIBMLXC =
      new MachO(
          true,
          Optional.of("@rpath/libmlxc.dylib"),
          List.of("@rpath/libmlx.dylib", "/usr/lib/libc++.1.dylib", "/usr/lib/libSystem.B.dylib"),
          List.of("@loader_path"),
          1400,
          true,
          Set.of());

  /**
   * As read from the load commands of Temurin 25's java launcher for arm64: @loader_path/. and
   *
   * @loader_path/../lib, which every build of OpenJDK links alike.
   */
  private static final List<String> JAVA_RUN_PATHS =
      List.of("/jdk/Contents/Home/bin/.", "/jdk/Contents/Home/bin/../lib");

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 26})
  void firstWay_loadsEverythingOfTheWheel(int macos) throws IOException {
    Map<String, MachO> files = installed(macos);
    Dyld dyld = new Dyld(files, JAVA_RUN_PATHS);
    for (Path library : NativeLibrary.ways(folders()).getFirst()) {
      assertEquals(Optional.empty(), dyld.open(library.toString()));
    }
    assertTrue(dyld.loaded().contains(LIB + "libmlx.dylib"), dyld.loaded().toString());
    assertTrue(dyld.loaded().contains(LIB + "libmlxc.dylib"), dyld.loaded().toString());
  }

  @Test
  void libmlxFirst_failsOnMacos26() throws IOException {
    Dyld dyld = new Dyld(installed(26), JAVA_RUN_PATHS);
    assertEquals(Optional.of("@rpath/libjaccl.dylib"), dyld.open(LIB + "libmlx.dylib"));
  }

  @ParameterizedTest
  @CsvSource({"14, 1400", "15, 1500", "26, 2602"})
  void libraries_areSignedArm64ForThatSystem(int macos, int minimum) throws IOException {
    for (Map.Entry<String, MachO> file : installed(macos).entrySet()) {
      if (!file.getKey().endsWith("libmlxc.dylib")) {
        assertTrue(file.getValue().arm64(), file.getKey());
        assertTrue(file.getValue().signed(), file.getKey());
        assertEquals(minimum, file.getValue().minimumOs(), file.getKey());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 26})
  void metallib_liesBesideTheLibrary(int macos) throws IOException {
    try (ZipFile wheel = new ZipFile(wheel(macos).toFile())) {
      assertTrue(wheel.getEntry("mlx/lib/mlx.metallib").getSize() > 1 << 20);
    }
  }

  /** libmlxc is made from the same source on each system: what it asks of libmlx must be there. */
  @ParameterizedTest
  @ValueSource(ints = {14, 15, 26})
  void libmlx_exportsWhatLibmlxcAsksFor(int macos) throws IOException {
    Path library = home().resolve("native/mlx/lib/libmlxc.so");
    requireThere(Files.exists(library), "no libmlxc of Linux, run scripts/setup");
    Set<String> missing = LibmlxcSymbols.wanted(library);
    assertTrue(missing.size() > 300, "only " + missing.size() + " names are asked for");
    missing.removeAll(LibmlxcSymbols.had(installed(macos).get(LIB + "libmlx.dylib").exported()));
    assertEquals(Set.of(), missing);
  }

  /** The same source, again: what Java binds is there, whatever the system. */
  @Test
  void libmlxc_exportsEveryFunctionThatIsBound() throws IOException {
    Path library = home().resolve("native/mlx/lib/libmlxc.so");
    requireThere(Files.exists(library), "no libmlxc of Linux, run scripts/setup");
    Path list = root().resolve("mlx-bindings/src/generated/functions.txt");
    Set<String> missing = new TreeSet<>();
    Files.readAllLines(list).forEach(line -> missing.add(line.split(" ")[1]));
    assertEquals(674, missing.size());
    missing.removeAll(LibmlxcSymbols.exported(library));
    missing.removeIf(name -> name.matches("mlx_array_(data|item)_b?float16"));
    assertEquals(Set.of(), missing);
  }

  private static LibraryFolders folders() {
    return new LibraryFolders(Path.of(LIB + "libmlx.dylib"), Path.of(LIB + "libmlxc.dylib"));
  }

  private static Map<String, MachO> installed(int macos) throws IOException {
    Map<String, MachO> files = new HashMap<>();
    try (ZipFile wheel = new ZipFile(wheel(macos).toFile())) {
      for (var entry : wheel.stream().filter(e -> e.getName().endsWith(".dylib")).toList()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        files.put(LIB + name, MachO.read(wheel.getInputStream(entry).readAllBytes()));
      }
    }
    files.put(LIB + "libmlxc.dylib", LIBMLXC);
    return files;
  }

  /** The pinned one: wheels of earlier pins may lie beside it. */
  private static Path wheel(int macos) throws IOException {
    String version =
        Files.readAllLines(root().resolve("scripts/lib/pins.sh")).stream()
            .filter(line -> line.startsWith("MLX_VERSION="))
            .map(line -> line.substring("MLX_VERSION=".length()))
            .findFirst()
            .orElseThrow();
    String name = "mlx_metal-" + version + "-py3-none-macosx_" + macos + "_0_arm64.whl";
    Path wheel = home().resolve("downloads").resolve(name);
    requireThere(Files.exists(wheel), "no " + wheel + ", run scripts/test");
    return wheel;
  }

  private static Path root() {
    return Path.of(System.getProperty("hbar.root"));
  }

  private static Path home() {
    return Optional.ofNullable(System.getenv("HBAR_HOME"))
        .map(Path::of)
        .orElseGet(() -> root().resolve(".hbar"));
  }

  private static void requireThere(boolean there, String reason) {
    if (Boolean.getBoolean("hbar.native.required")) {
      assertTrue(there, reason);
    }
    assumeTrue(there, reason);
  }
}
