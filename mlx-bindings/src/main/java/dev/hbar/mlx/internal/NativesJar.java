package dev.hbar.mlx.internal;

import dev.hbar.mlx.CheckedFiles;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.LibraryHashes;
import dev.hbar.mlx.MlxUnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Native MLX in a jar (dev.hbar:mlx-natives with the platform as its classifier), unpacked once
 * into a folder of this user that is named after the hashes of what it holds. The list of hashes in
 * the jar is what the files are compared with, when they are unpacked and before they are loaded.
 */
final class NativesJar {
  private static final String PLACE = "META-INF/hbar/natives/%s/mlx/lib/";
  private static final String LIB = "mlx/lib";
  private static final String PART = ".part";
  private static final String LOCK = ".lock";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final ClassLoader loader;
  private final String platform;
  private final byte[] list;

  private NativesJar(ClassLoader loader, String platform, byte[] list) {
    this.loader = loader;
    this.platform = platform;
    this.list = list;
  }

  /** As the classifiers are called, such as {@code linux-x86_64}. */
  static String platform(Properties properties) {
    String system = properties.getProperty("os.name", "").startsWith("Mac") ? "macos" : "linux";
    String processor = properties.getProperty("os.arch", "");
    return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }

  /** The jar for a platform, if this class loader finds one. */
  static Optional<NativesJar> find(ClassLoader loader, String platform) {
    String list = PLACE.formatted(platform) + LibraryHashes.LIST;
    try (InputStream in = loader.getResourceAsStream(list)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new NativesJar(loader, platform, in.readAllBytes()));
    } catch (IOException e) {
      throw new MlxUnavailableException("the natives jar cannot be read: " + e.getMessage());
    }
  }

  /** Where it may be unpacked, best first: in HBAR_HOME, else in the user's cache. */
  static List<Path> caches(Properties properties, Map<String, String> environment) {
    List<Path> caches = new ArrayList<>();
    add(caches, environment.get("HBAR_HOME"), "natives");
    String cache = environment.get("XDG_CACHE_HOME");
    if (cache != null && Path.of(cache).isAbsolute()) {
      add(caches, cache, "hbar/natives");
    } else {
      add(caches, properties.getProperty("user.home"), ".cache/hbar/natives");
    }
    return caches;
  }

  private static void add(List<Path> caches, String folder, String below) {
    if (folder != null && !folder.isBlank()) {
      caches.add(Path.of(folder, below).toAbsolutePath().normalize());
    }
  }

  /**
   * The folder of libmlx and libmlxc, unpacked into the first of these folders that can hold it.
   *
   * @throws MlxUnavailableException if none can, or the jar is damaged
   */
  Path unpack(List<Path> caches) {
    List<String> refused = new ArrayList<>();
    for (Path cache : caches) {
      try {
        return unpackInto(cache);
      } catch (IOException e) {
        refused.add(cache + " (" + ErrorText.reason(e) + ")");
      }
    }
    throw new MlxUnavailableException(
        "no folder to unpack the natives jar into, tried "
            + String.join(", ", refused)
            + "; set HBAR_HOME to a writable folder of your own");
  }

  private Path unpackInto(Path cache) throws IOException {
    makePrivate(cache);
    Path home = cache.resolve(platform + "-" + LibraryHashes.hash(list).substring(0, 16));
    if (!isWhole(home)) {
      // A file lock is of the whole process, so its threads wait for each other first.
      synchronized (NativesJar.class) {
        try (FileChannel channel =
                FileChannel.open(
                    cache.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock _ = channel.lock()) {
          if (!isWhole(home)) {
            removeAbandoned(cache);
            unpackAt(home);
          }
        }
      }
    }
    return home.resolve(LIB);
  }

  /** Under the lock. Renames are atomic: no process sees half of a folder, old or new. */
  private void unpackAt(Path home) throws IOException {
    Path part = Files.createTempDirectory(home.getParent(), PART);
    try {
      copy(part.resolve(LIB));
      if (Files.exists(home)) {
        Path damaged = Files.createTempDirectory(home.getParent(), PART);
        Files.move(home, damaged.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
        remove(damaged);
      }
      Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      remove(part);
    }
  }

  private static void makePrivate(Path cache) throws IOException {
    if (!Files.isDirectory(cache)) {
      Files.createDirectories(cache.getParent());
      try {
        Files.createDirectory(
            cache,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileSystemException quicker) {
        if (!Files.isDirectory(cache)) {
          throw quicker;
        }
      }
    }
    if (!CheckedFiles.isPrivate(cache)) {
      throw new FileSystemException("it belongs to another user, or others may write there");
    }
  }

  /**
   * Whether a folder holds what this jar holds, by its hashes. Another process may replace it
   * meanwhile; files without a list pass, so the list is looked at last.
   */
  private boolean isWhole(Path home) {
    Path lib = home.resolve(LIB);
    try {
      LibraryHashes.requireUnchanged(lib);
      return Arrays.equals(list, Files.readAllBytes(lib.resolve(LibraryHashes.LIST)));
    } catch (IOException | MlxUnavailableException damaged) {
      return false;
    }
  }

  private void copy(Path lib) throws IOException {
    Path root = lib.getParent().getParent();
    Files.createDirectories(lib);
    for (String line : new String(list, StandardCharsets.UTF_8).lines().toList()) {
      String name = LibraryHashes.name(line);
      Path file = lib.resolve(name).normalize();
      if (name.isEmpty() || !file.startsWith(root)) {
        throw new MlxUnavailableException("the natives jar names a file outside of it: " + line);
      }
      Files.createDirectories(file.getParent());
      String entry = Path.of(PLACE.formatted(platform), name).normalize().toString();
      try (InputStream in = loader.getResourceAsStream(entry)) {
        if (in == null) {
          throw new FileNotFoundException(entry + " is not in the natives jar");
        }
        Files.copy(in, file);
      }
      if (!line.startsWith(LibraryHashes.hash(file))) {
        throw new MlxUnavailableException(
            "the natives jar is damaged: %s has another SHA-256; bring the jar again"
                .formatted(entry));
      }
    }
    Files.write(lib.resolve(LibraryHashes.LIST), list);
  }

  /** What a process that was killed left behind; another process may remove it at the same time. */
  private static void removeAbandoned(Path cache) {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    try (Stream<Path> inside = Files.list(cache)) {
      for (Path each : inside.toList()) {
        if (each.getFileName().toString().startsWith(PART)
            && Files.getLastModifiedTime(each).compareTo(limit) < 0) {
          remove(each);
        }
      }
    } catch (IOException left) {
      // The next process tries again.
    }
  }

  private static void remove(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
