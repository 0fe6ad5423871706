package dev.hbar.model.convert;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
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
  /** Held while the folder is being filled. */
  private static final String LOCK = ".lock";

  private final Path target;

  private final Path temporary;
  private final FileChannel lock;
  private final List<String> files = new ArrayList<>();

  private OutputFolder(Path target, Path temporary, FileChannel lock) {
    this.target = target;
    this.temporary = temporary;
    this.lock = lock;
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
   * Starts a folder that shall become {@code target}. What a killed process left of the same target
   * is removed: its lock is gone with it.
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
    String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path temporary = Files.createDirectory(parent.resolve(unfinished + suffix));
    FileChannel lock = FileChannel.open(temporary.resolve(LOCK), CREATE_NEW, WRITE);
    lock.lock();
    return new OutputFolder(absolute, temporary, lock);
  }

  private static void removeAbandoned(Path parent, String unfinished) throws IOException {
    List<Path> folders;
    try (Stream<Path> siblings = Files.list(parent)) {
      folders =
          siblings
              .filter(each -> each.getFileName().toString().startsWith(unfinished))
              .filter(each -> Files.isRegularFile(each.resolve(LOCK)))
              .toList();
    }
    for (Path folder : folders) {
      if (isAbandoned(folder.resolve(LOCK))) {
        deleteFolder(folder);
      }
    }
  }

  private static boolean isAbandoned(Path lock) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return false;
    }
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
    Files.writeString(add(name), Json.INDENTED.writeValueAsString(fields) + "\n");
  }

  /** For vocabularies, which have tens of thousands of lines when indented. */
  void addCompactJson(String name, Map<String, ?> fields) throws IOException {
    Files.writeString(add(name), Json.MAPPER.writeValueAsString(fields) + "\n");
  }

  /** Puts the folder in its place; an empty folder there is replaced. */
  void finish() throws IOException {
    lock.close();
    Files.delete(temporary.resolve(LOCK));
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what is unfinished. */
  @Override
  public void close() throws IOException {
    lock.close();
    deleteFolder(temporary);
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> content;
    try (Stream<Path> listed = Files.walk(folder)) {
      content = listed.toList().reversed();
    }
    for (Path file : content) {
      Files.deleteIfExists(file);
    }
  }
}
