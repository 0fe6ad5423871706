package dev.hbar.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hbar.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that appears complete or not at all: it is filled under another name beside its place
 * and then renamed.
 */
final class OutputFolder implements AutoCloseable {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Vocabularies have tens of thousands of lines when indented. */
  private static final ObjectMapper COMPACT = new ObjectMapper();

  private final Path target;
  private final Path temporary;
  private final List<String> files = new ArrayList<>();

  private OutputFolder(Path target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
  }

  /** Whether something is in the way: the folder has content, or is a file. */
  static boolean isOccupied(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return Files.exists(target);
    }
    try (Stream<Path> content = Files.list(target)) {
      return content.findAny().isPresent();
    }
  }

  /**
   * Starts a folder that shall become {@code target}; what a process that is no more left of the
   * same target is removed.
   */
  static OutputFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new CheckpointException("cannot write to %s: name a folder below it".formatted(target));
    }
    Files.createDirectories(parent);
    String unfinished = absolute.getFileName() + ".part-";
    removeAbandoned(parent, unfinished);
    Path temporary = parent.resolve(unfinished + ProcessHandle.current().pid());
    return new OutputFolder(absolute, Files.createDirectory(temporary));
  }

  private static void removeAbandoned(Path parent, String unfinished) throws IOException {
    List<Path> folders;
    try (Stream<Path> siblings = Files.list(parent)) {
      folders = siblings.filter(each -> isAbandoned(each, unfinished)).toList();
    }
    for (Path folder : folders) {
      deleteFolder(folder);
    }
  }

  private static boolean isAbandoned(Path folder, String unfinished) {
    String name = folder.getFileName().toString();
    String process = name.startsWith(unfinished) ? name.substring(unfinished.length()) : "";
    // Fewer digits than would overflow a long.
    return process.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(process)).isEmpty();
  }

  Path folder() {
    return temporary;
  }

  /** The names of what was written, in order. */
  List<String> files() {
    return List.copyOf(files);
  }

  /** A file that somebody else writes into {@link #folder()}. */
  Path add(String name) {
    files.add(name);
    return temporary.resolve(name);
  }

  void addJson(String name, Map<String, ?> fields) throws IOException {
    Files.writeString(add(name), JSON.writeValueAsString(fields) + "\n");
  }

  void addCompactJson(String name, Map<String, ?> fields) throws IOException {
    Files.writeString(add(name), COMPACT.writeValueAsString(fields) + "\n");
  }

  /** Puts the folder in its place; an empty folder there is replaced. */
  void finish() throws IOException {
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what is unfinished. */
  @Override
  public void close() throws IOException {
    deleteFolder(temporary);
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> content;
    try (Stream<Path> listed = Files.list(folder)) {
      content = listed.toList();
    }
    for (Path file : content) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
