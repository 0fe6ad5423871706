package dev.hbar.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hbar.mlx.CheckedFiles;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.io.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the native half of the Hugging Face tokenizers library into the process.
 *
 * <p>DJL's own loader would unpack it below {@code ~/.djl.ai}, search for CUDA (which unpacks a
 * further library) and may download a variant; DJL's tokenizer class also reports usage over the
 * network. None of it is used: the library is unpacked here, into the first usable of {@code
 * $HBAR_HOME/native}, {@code <hbar.root>/.hbar/native} and {@code ~/.cache/hbar}, and only the
 * native calls of DJL are called.
 */
final class TokenizerLibrary {

  static final String INSIDE = "hbar.tokenizer.inside";

  private static final int CHUNK = 1 << 20;

  private static Path unpacked;
  private static LibraryCalls inside;
  private static WorkerCalls worker;

  private TokenizerLibrary() {}

  /**
   * The native calls. They are made in this process for a file of a known shape, and in a process
   * of their own otherwise, unless the system property {@code hbar.tokenizer.inside} says true or
   * false for all. Where no process can be started because this code does not lie in plain files,
   * or there is no {@code java} to start, they are made in this process.
   *
   * @param known whether the file is of the shapes in {@link KnownShapes}
   * @throws CheckpointException if no folder can hold the library, or this machine has none
   */
  static synchronized TokenizerCalls calls(boolean known) {
    String asked = System.getProperty(INSIDE);
    if ((asked == null ? known : Boolean.parseBoolean(asked)) || !WorkerProcess.possible()) {
      if (inside == null) {
        inside = inside();
      }
      return inside;
    }
    if (worker == null) {
      worker = new WorkerCalls();
    }
    return worker;
  }

  /** The calls in this very process. */
  private static LibraryCalls inside() {
    try {
      // Native methods are looked up among the libraries of their class's loader: this class
      // shares it with DJL's.
      System.load(file().toString());
      return new LibraryCalls(TokenizersLibrary.LIB);
    } catch (LinkageError e) {
      throw notLoaded(ErrorText.reason(e));
    }
  }

  /**
   * Loads the library and tells where it lies.
   *
   * @throws CheckpointException if it cannot be loaded
   */
  static Path loadedFile() {
    try {
      TokenizerCalls calls = calls(true);
      calls.close(calls.open("{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}"));
      return file();
    } catch (CheckpointException e) {
      throw e;
    } catch (RuntimeException e) {
      throw notLoaded(ErrorText.reason(e));
    }
  }

  private static CheckpointException notLoaded(String why) {
    return new CheckpointException(
        "the tokenizers library %s cannot be loaded (%s): delete it, or set HBAR_HOME to a file system that allows programs"
            .formatted(file(), why));
  }

  /** The unpacked library, found once per process. */
  static synchronized Path file() {
    if (unpacked == null) {
      unpacked = unpack(resourceName(), folders());
    }
    return unpacked;
  }

  private static String resourceName() {
    String os = System.getProperty("os.name").startsWith("Mac") ? "osx" : "linux";
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String cpu = arch.equals("amd64") ? "x86_64" : arch;
    return "native/lib/%s-%s/cpu/%s".formatted(os, cpu, System.mapLibraryName("tokenizers"));
  }

  /** Where the library may lie, best first. */
  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    Optional.ofNullable(System.getenv("HBAR_HOME"))
        .ifPresent(home -> folders.add(Path.of(home, "native")));
    Optional.ofNullable(System.getProperty("hbar.root"))
        .ifPresent(root -> folders.add(Path.of(root, ".hbar", "native")));
    Optional.ofNullable(System.getProperty("user.home"))
        .ifPresent(home -> folders.add(Path.of(home, ".cache", "hbar")));
    return folders.stream().map(folder -> folder.resolve("tokenizers")).toList();
  }

  /**
   * Copies a resource into the first folder that has it already or takes it.
   *
   * @param resource class path name of a library
   * @param folders candidates, best first
   * @return the absolute path of the copy
   */
  static Path unpack(String resource, List<Path> folders) {
    URL url = TokenizersLibrary.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new CheckpointException(
          "no tokenizers library for this machine (%s): use Linux or macOS on arm64, or Linux on x86-64"
              .formatted(resource));
    }
    List<String> refusals = new ArrayList<>();
    for (Path folder : folders) {
      try {
        return copy(url, folder.resolve(Path.of(resource).getFileName().toString()));
      } catch (IOException | UncheckedIOException e) {
        refusals.add("%s (%s)".formatted(folder, ErrorText.reason(e)));
      }
    }
    throw new CheckpointException(
        "no folder to unpack the tokenizers library into, tried %s: set HBAR_HOME to a writable folder"
            .formatted(String.join(", ", refusals)));
  }

  private static Path copy(URL source, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    List<Path> compared = new ArrayList<>(List.of(target));
    jar(source).ifPresent(compared::add);
    CheckedFiles checked =
        new CheckedFiles(folder.resolve(target.getFileName() + ".checked"), compared);
    if (compared.size() == 2 && checked.untouched()) {
      return target;
    }
    URLConnection content = source.openConnection();
    if (Files.isRegularFile(target) && holdsTheSame(content.getInputStream(), target)) {
      checked.write();
      return target;
    }
    content = source.openConnection();
    Files.createDirectories(folder);
    // A rename is atomic, so two processes that start together never load half a file.
    Path part = Files.createTempFile(folder, "tokenizers", ".part");
    try {
      try (InputStream in = content.getInputStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      WholeFile.replace(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
    return target;
  }

  /** The jar that holds a resource, if that is a file. */
  private static Optional<Path> jar(URL source) throws IOException {
    return source.openConnection() instanceof JarURLConnection inJar
            && inJar.getJarFileURL().getProtocol().equals("file")
        ? Optional.of(Path.of(URI.create(inJar.getJarFileURL().toString())))
        : Optional.empty();
  }

  /** Byte for byte: a copy of the right size may still be another program. */
  private static boolean holdsTheSame(InputStream library, Path file) throws IOException {
    try (InputStream wanted = library;
        InputStream found = Files.newInputStream(file)) {
      byte[] expected = wanted.readNBytes(CHUNK);
      while (expected.length > 0) {
        if (!Arrays.equals(expected, found.readNBytes(CHUNK))) {
          return false;
        }
        expected = wanted.readNBytes(CHUNK);
      }
      return found.read() < 0;
    }
  }
}
