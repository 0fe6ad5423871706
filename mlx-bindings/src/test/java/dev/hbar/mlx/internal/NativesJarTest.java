package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.LibraryHashes;
import dev.hbar.mlx.MlxUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking; that MLX runs from it is for scripts/tests/natives_test.sh to show. */
class NativesJarTest {
  private static final String PLATFORM = "linux-x86_64";
  private static final String ROOT = "META-INF/hbar/natives/" + PLATFORM + "/";
  private static final byte[] MLX = bytes(1, 3_000_000);
  private static final byte[] BLAS = bytes(2, 70_001);

  @TempDir private Path folder;
  private Path cache;

  @BeforeEach
  void privateCache() {
    cache = folder.resolve("home/hbar/natives");
  }

  @Test
  void firstUse_unpacksEverythingForThisUserAlone() throws IOException {
    Path lib = jar("j", MLX, list(MLX)).unpack(List.of(cache));
    assertArrayEquals(MLX, Files.readAllBytes(lib.resolve("libmlx.so")));
    assertArrayEquals(BLAS, Files.readAllBytes(lib.resolve("../../mlx_cpu.libs/libblas.so.3")));
    assertEquals(List.of(), LibraryHashes.changed(lib));
    for (Path closed : List.of(cache, lib.getParent().getParent())) {
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)));
    }
    assertEquals(List.of(lib.getParent().getParent()), inCache());
  }

  @Test
  void secondUse_leavesTheFilesAsTheyAre() throws IOException {
    NativesJar jar = jar("j", MLX, list(MLX));
    Path library = jar.unpack(List.of(cache)).resolve("libmlx.so");
    Object made = Files.getAttribute(library, "unix:ino");
    assertEquals(library, jar.unpack(List.of(cache)).resolve("libmlx.so"));
    assertEquals(made, Files.getAttribute(library, "unix:ino"));
  }

  @Test
  void changedFileInTheCache_isReplacedBeforeItIsLoaded() throws IOException {
    NativesJar jar = jar("j", MLX, list(MLX));
    Path library = jar.unpack(List.of(cache)).resolve("libmlx.so");
    FileTime then = Files.getLastModifiedTime(library);
    Files.write(library, bytes(3, MLX.length));
    Files.setLastModifiedTime(library, then);
    jar.unpack(List.of(cache));
    assertArrayEquals(MLX, Files.readAllBytes(library));
    Files.delete(library);
    jar.unpack(List.of(cache));
    assertArrayEquals(MLX, Files.readAllBytes(library));
    assertEquals(1, inCache().size());
  }

  @Test
  void changedListInTheCache_isNotBelieved() throws IOException {
    NativesJar jar = jar("j", MLX, list(MLX));
    Path lib = jar.unpack(List.of(cache));
    byte[] other = bytes(3, MLX.length);
    Files.write(lib.resolve("libmlx.so"), other);
    Files.writeString(lib.resolve("hbar.sha256"), list(other));
    jar.unpack(List.of(cache));
    assertArrayEquals(MLX, Files.readAllBytes(lib.resolve("libmlx.so")));
  }

  @Test
  void otherVersion_liesBesideIt() throws IOException {
    byte[] newer = bytes(4, 10);
    Path first = jar("1", MLX, list(MLX)).unpack(List.of(cache));
    Path second = jar("2", newer, list(newer)).unpack(List.of(cache));
    assertNotEquals(first, second);
    assertArrayEquals(MLX, Files.readAllBytes(first.resolve("libmlx.so")));
    assertArrayEquals(newer, Files.readAllBytes(second.resolve("libmlx.so")));
  }

  @Test
  void damagedJar_isRefusedAndNothingIsLeft() throws IOException {
    NativesJar jar = jar("j", bytes(5, MLX.length), list(MLX));
    String message =
        assertThrows(MlxUnavailableException.class, () -> jar.unpack(List.of(cache))).getMessage();
    assertTrue(message.contains("damaged: " + ROOT + "mlx/lib/libmlx.so"), message);
    assertEquals(List.of(), inCache());
  }

  @Test
  void listThatLeadsOutside_isRefused() throws IOException {
    String outside = "0".repeat(64) + "  ../../../../out\n";
    NativesJar jar = jar("j", MLX, outside);
    assertThrows(MlxUnavailableException.class, () -> jar.unpack(List.of(cache)));
    assertEquals(List.of(), inCache());
  }

  @Test
  void folderThatOthersMayWrite_isPassedOver() throws IOException {
    Files.createDirectories(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    NativesJar jar = jar("j", MLX, list(MLX));
    Path own = folder.resolve("own");
    assertTrue(jar.unpack(List.of(cache, own)).startsWith(own));
    String message =
        assertThrows(MlxUnavailableException.class, () -> jar.unpack(List.of(cache))).getMessage();
    assertTrue(message.contains(cache + " (") && message.contains("set HBAR_HOME"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void manyAtOnce_allGetAWholeCopy() throws Exception {
    NativesJar jar = jar("j", MLX, list(MLX));
    for (int round = 0; round < 30; round++) {
      if (round > 0) {
        Files.delete(jar.unpack(List.of(cache)).resolve("libmlx.so"));
      }
      try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
        Callable<byte[]> load =
            () -> Files.readAllBytes(jar.unpack(List.of(cache)).resolve("libmlx.so"));
        for (Future<byte[]> each : pool.invokeAll(Collections.nCopies(16, load))) {
          assertArrayEquals(MLX, each.get());
        }
      }
    }
    assertEquals(1, inCache().size());
  }

  @Test
  void whatAKilledProcessLeft_isRemovedAfterAnHour() throws IOException {
    Path old = Files.createDirectories(cache.resolve(".part-old/mlx"));
    Path fresh = Files.createDirectories(cache.resolve(".part-new"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
    FileTime before = FileTime.from(Instant.now().minusSeconds(3601));
    Files.setLastModifiedTime(old.getParent(), before);
    jar("j", MLX, list(MLX)).unpack(List.of(cache));
    assertFalse(Files.exists(old.getParent()));
    assertTrue(Files.exists(fresh));
  }

  @Test
  void otherPlatform_isNotFound() throws IOException {
    jar("j", MLX, list(MLX));
    ClassLoader loader = loader(folder.resolve("j.jar"));
    assertTrue(NativesJar.find(loader, PLATFORM).isPresent());
    assertTrue(NativesJar.find(loader, "linux-aarch64").isEmpty());
  }

  @Test
  void platformAndCaches_areThoseOfTheMachine() {
    Properties mac = new Properties();
    mac.setProperty("os.name", "Mac OS X");
    mac.setProperty("os.arch", "aarch64");
    mac.setProperty("user.home", "/data/a");
    assertEquals("macos-aarch64", NativesJar.platform(mac));
    assertEquals(
        List.of(Path.of("/h/natives"), Path.of("/data/a/.cache/hbar/natives")),
        NativesJar.caches(mac, Map.of("HBAR_HOME", "/h", "XDG_CACHE_HOME", "relative")));
    assertEquals(
        List.of(Path.of("/x/hbar/natives")),
        NativesJar.caches(mac, Map.of("XDG_CACHE_HOME", "/x")));
    Properties linux = new Properties();
    linux.setProperty("os.name", "Linux");
    linux.setProperty("os.arch", "amd64");
    assertEquals(PLATFORM, NativesJar.platform(linux));
    assertEquals(List.of(), NativesJar.caches(linux, Map.of()));
  }

  @Test
  void folderThatIsNamed_keepsTheJarOut() {
    Properties named = new Properties();
    named.setProperty("os.name", "Linux");
    named.setProperty("os.arch", "amd64");
    named.setProperty(LibraryFolders.PROPERTY, folder.resolve("nothing").toString());
    String message =
        assertThrows(MlxUnavailableException.class, () -> NativeLibrary.find(named, Map.of()))
            .getMessage();
    assertTrue(message.contains(folder.resolve("nothing").toString()), message);
    assertTrue(message.contains("mlx-natives with the classifier linux-x86_64"), message);
  }

  private List<Path> inCache() throws IOException {
    try (Stream<Path> inside = Files.list(cache)) {
      return inside.filter(each -> !each.endsWith(".lock")).toList();
    }
  }

  private static String list(byte[] mlx) {
    return LibraryHashes.hash(mlx)
        + "  libmlx.so\n"
        + LibraryHashes.hash(BLAS)
        + "  ../../mlx_cpu.libs/libblas.so.3\n";
  }

  private NativesJar jar(String name, byte[] mlx, String list) throws IOException {
    Path file = folder.resolve(name + ".jar");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "mlx/lib/hbar.sha256", list.getBytes(StandardCharsets.UTF_8));
      put(zip, "mlx/lib/libmlx.so", mlx);
      put(zip, "mlx_cpu.libs/libblas.so.3", BLAS);
    }
    return NativesJar.find(loader(file), PLATFORM).orElseThrow();
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(ROOT + name));
    zip.write(bytes);
  }

  private static ClassLoader loader(Path file) throws IOException {
    return new URLClassLoader(new URL[] {file.toUri().toURL()}, null);
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
