package dev.hbar.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hbar.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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

  /** Starts a folder that shall become {@code target}. */
  static OutputFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new CheckpointException("cannot write to %s: name a folder below it".formatted(target));
    }
    Files.createDirectories(parent);
    String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path temporary = parent.resolve("%s.part-%s".formatted(absolute.getFileName(), suffix));
    return new OutputFolder(absolute, Files.createDirectory(temporary));
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
