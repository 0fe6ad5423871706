package dev.hbar.mlx.gen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code jextract/generate} read and wrote, below the project's root. */
record GeneratedTree(Path root) {
  static final String GENERATED = "mlx-bindings/src/generated";
  private static final String CHECKSUMS = GENERATED + "/checksums.sha256";
  private static final List<String> PARTS =
      List.of("jextract/includes", "jextract/versions.env", GENERATED);

  /** One line per file that differs from the checksum file, is missing, or is not in it. */
  List<String> complaints() {
    Map<String, String> wanted = recorded();
    Map<String, String> found = present();
    var names = new TreeSet<>(wanted.keySet());
    names.addAll(found.keySet());
    return names.stream()
        .filter(name -> !wanted.getOrDefault(name, "").equals(found.getOrDefault(name, "")))
        .map(name -> name + verdict(wanted.containsKey(name), found.containsKey(name)))
        .toList();
  }

  /** The text of every generated source, by file name. */
  Map<String, String> sources() {
    try (Stream<Path> files = Files.walk(root.resolve(GENERATED).resolve("java"))) {
      return files
          .filter(Files::isRegularFile)
          .collect(Collectors.toMap(f -> f.getFileName().toString(), GeneratedTree::read));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a text file below the root. */
  List<String> lines(String name) {
    return read(root.resolve(name)).lines().toList();
  }

  private static String verdict(boolean recorded, boolean present) {
    String what = !recorded ? " was added" : !present ? " is missing" : " was changed";
    return what
        + " since jextract/generate wrote the bindings; never by hand: run jextract/generate";
  }

  private Map<String, String> recorded() {
    var sums = new TreeMap<String, String>();
    for (String line : lines(CHECKSUMS)) {
      String[] sumAndName = line.split(" {2}", 2);
      sums.put(sumAndName[1], sumAndName[0]);
    }
    return sums;
  }

  private Map<String, String> present() {
    var sums = new TreeMap<String, String>();
    for (String part : PARTS) {
      try (Stream<Path> files = Files.walk(root.resolve(part))) {
        files.filter(Files::isRegularFile).forEach(f -> sums.put(nameOf(f), sha256(f)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    sums.remove(CHECKSUMS);
    return sums;
  }

  private String nameOf(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
