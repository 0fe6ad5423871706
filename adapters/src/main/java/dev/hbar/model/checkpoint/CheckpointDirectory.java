package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A folder that holds a checkpoint: any local folder, or a snapshot in the Hugging Face cache.
 * Files are only reached by plain name, and a link is followed only inside the folder or, in the
 * cache, to the {@code blobs} beside {@code snapshots} and to those beside the models.
 */
public final class CheckpointDirectory {
  /** The first line of a pointer has 43 bytes. */
  private static final int POINTER_BYTES = 43;

  /** Between a checkpoint and the adapter on top of it. */
  public static final String ADAPTER_MARK = "::";

  private final Path folder;
  private final Path real;
  private final List<Path> blobs;
  private final Optional<CheckpointDirectory> adapter;

  private CheckpointDirectory(
      Path folder, Path real, List<Path> blobs, Optional<CheckpointDirectory> adapter) {
    this.folder = folder;
    this.real = real;
    this.blobs = blobs;
    this.adapter = adapter;
  }

  /**
   * The checkpoint that a command-line argument names.
   *
   * @param argument a folder, or {@code ORG/NAME[@REVISION]} in the Hugging Face cache; a folder
   *     that exists wins. {@code CHECKPOINT::ADAPTER} is a checkpoint with an adapter on top, and
   *     the folder of an adapter alone is that of the base it names with it on top
   * @param environment variables such as HF_HOME and HF_HUB_CACHE
   * @throws CheckpointException when it names neither
   */
  public static CheckpointDirectory resolve(String argument, Map<String, String> environment) {
    int mark = argument.lastIndexOf(ADAPTER_MARK);
    if (mark > 0 && !Files.exists(path(argument))) {
      CheckpointDirectory base = resolve(argument.substring(0, mark), environment);
      return base.withAdapter(named(argument.substring(mark + ADAPTER_MARK.length()), environment));
    }
    CheckpointDirectory found = named(argument, environment);
    return Adapter.baseOf(found)
        .map(base -> base(found, base, environment).withAdapter(found))
        .orElse(found);
  }

  private static CheckpointDirectory base(
      CheckpointDirectory adapter, String base, Map<String, String> environment) {
    try {
      return named(base, environment);
    } catch (CheckpointException missing) {
      throw CheckpointException.badArgument(
          "%s is an adapter for %s, which is not here: fetch it, or name the checkpoint and this folder as its --adapter"
              .formatted(adapter.folder, ErrorText.quoted(base)));
    }
  }

  private static CheckpointDirectory named(String argument, Map<String, String> environment) {
    if (argument.isBlank()) {
      throw notADirectory(Path.of(ErrorText.quoted(argument)), "no name");
    }
    Path local = path(argument);
    if (Files.exists(local)) {
      return of(local);
    }
    Optional<HuggingFaceName> name = HuggingFaceName.parse(argument);
    if (name.isEmpty()) {
      throw notADirectory(local, "no such folder");
    }
    return of(HuggingFaceCache.of(environment).snapshot(name.get()));
  }

  private CheckpointDirectory withAdapter(CheckpointDirectory other) {
    if (adapter.isPresent()) {
      throw CheckpointException.badArgument(
          "%s has an adapter already (%s): name one adapter"
              .formatted(folder, adapter.get().folder));
    }
    return new CheckpointDirectory(folder, real, blobs, Optional.of(other));
  }

  /** The folder of the adapter on top, if there is one. */
  public Optional<CheckpointDirectory> adapter() {
    return adapter;
  }

  /**
   * The checkpoint in a local folder.
   *
   * @throws CheckpointException when it is missing, no folder, or empty
   */
  public static CheckpointDirectory of(Path folder) {
    if (!Files.exists(folder)) {
      throw notADirectory(folder, "no such folder");
    }
    if (!Files.isDirectory(folder)) {
      if (folder.toString().endsWith(".gguf")) {
        throw CheckpointException.badArgument(
            "%s is a GGUF file: make a checkpoint of it with hbar convert FILE --out FOLDER"
                .formatted(folder));
      }
      throw notADirectory(folder, "a file");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      if (!entries.iterator().hasNext()) {
        throw notADirectory(folder, "the folder is empty");
      }
      Path real = folder.toRealPath();
      return new CheckpointDirectory(folder, real, blobsBeside(real), Optional.empty());
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read the model directory " + folder + ": check its permissions", e);
    }
  }

  private static Path path(String argument) {
    try {
      return Path.of(argument);
    } catch (InvalidPathException e) {
      throw CheckpointException.badArgument(
          "not a model directory: " + ErrorText.quoted(argument) + " is no path: name a folder");
    }
  }

  private static CheckpointException notADirectory(Path folder, String why) {
    return CheckpointException.badArgument(
        "not a model directory: %s (%s): name a folder with config.json and safetensors files, or ORG/NAME in the Hugging Face cache"
            .formatted(folder, why));
  }

  /** The model's own blobs, and those that huggingface_hub shares among the cache's models. */
  private static List<Path> blobsBeside(Path real) throws IOException {
    Path snapshots = real.getParent();
    if (snapshots == null || !snapshots.endsWith("snapshots")) {
      return List.of();
    }
    List<Path> blobs = new ArrayList<>();
    Path model = snapshots.getParent();
    for (Path folder : List.of(model.resolve("blobs"), model.resolveSibling("blobs"))) {
      if (Files.isDirectory(folder)) {
        blobs.add(folder.toRealPath());
      }
    }
    return List.copyOf(blobs);
  }

  /** The folder as it was named. */
  public Path path() {
    return folder;
  }

  /**
   * The last name of the folder, or the model's name for a snapshot of the cache; with the
   * adapter's after a plus.
   */
  public String name() {
    Path model = real.getParent() == null ? real : real.getParent().getParent();
    String own =
        !blobs.isEmpty()
            ? model.getFileName().toString().replaceFirst("^models--", "").replace("--", "/")
            : String.valueOf(real.getFileName());
    return adapter.map(top -> own + "+" + top.name()).orElse(own);
  }

  /**
   * The file of that name, links resolved and checked; empty when there is none.
   *
   * @throws CheckpointException for a link that loops, leads nowhere or leads outside, and for a
   *     pipe or device
   */
  public Optional<Path> find(String fileName) {
    Path file = folder.resolve(fileName);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    requireAllowedTarget(file);
    return Optional.of(file);
  }

  /**
   * The file of that name, links resolved and checked.
   *
   * @throws CheckpointException also when there is none
   */
  public Path require(String fileName) {
    return find(fileName).orElseThrow(() -> missing(fileName));
  }

  private CheckpointException missing(String fileName) {
    Optional<String> gguf = entries().stream().filter(name -> name.endsWith(".gguf")).findFirst();
    String rest =
        gguf.isPresent()
            ? "%s: make a checkpoint of its GGUF file %s with hbar convert FILE --out FOLDER"
                .formatted(folder, ErrorText.oneLine(gguf.get()))
            : folder + ": download the checkpoint again";
    return new CheckpointException(
        "%s is missing, in %s".formatted(ErrorText.oneLine(fileName), rest));
  }

  /** The names of all entries, sorted. */
  public List<String> entries() {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read the model directory " + folder + ": check its permissions", e);
    }
    return List.copyOf(names);
  }

  private void requireAllowedTarget(Path file) {
    Path target = target(file);
    if (target.getFileName().toString().endsWith(".incomplete")) {
      throw new CheckpointException(
          "the download of " + file + " is unfinished: download the checkpoint again");
    }
    if (!target.startsWith(real) && blobs.stream().noneMatch(target::startsWith)) {
      throw new CheckpointException(
          "%s is a link to %s, outside of the checkpoint: put the file itself into the folder"
              .formatted(file, target));
    }
    if (isEndless(target)) {
      throw new CheckpointException(
          "%s is not a regular file: put the file itself into the folder".formatted(file));
    }
    if (isPointer(file, target)) {
      throw new CheckpointException(
          "%s is a pointer of git-lfs, the file itself was not fetched: run git lfs pull there, or hbar pull ORG/NAME"
              .formatted(file));
    }
  }

  /** A pipe or a device: reading it would block or never end. */
  private static boolean isEndless(Path target) {
    try {
      return Files.readAttributes(target, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      // Whoever reads it says what is wrong.
      return false;
    }
  }

  private static boolean isPointer(Path file, Path target) {
    if (!Files.isRegularFile(target)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(target)) {
      String start = new String(in.readNBytes(POINTER_BYTES), StandardCharsets.US_ASCII);
      return start.startsWith("version ") && start.contains("git-lfs");
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot be read (%s), in %s: check its permissions".formatted(ErrorText.reason(e), file),
          e);
    }
  }

  private static Path target(Path file) {
    try {
      return file.toRealPath();
    } catch (FileSystemLoopException e) {
      throw loop(file, e);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("symbolic link")) {
        throw loop(file, e);
      }
      throw new CheckpointException(
          "%s is a link that leads nowhere: download the checkpoint again".formatted(file), e);
    }
  }

  private static CheckpointException loop(Path file, IOException e) {
    return new CheckpointException(
        file + " is a loop of symbolic links: download the checkpoint again", e);
  }
}
