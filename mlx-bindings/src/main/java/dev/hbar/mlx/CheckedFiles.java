package dev.hbar.mlx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * A note that files were found to be in order, so that they need not be read whole at every start.
 * It holds the size, place and times of each file. The time of the last change of state (ctime) is
 * among them, which no program can set: a file whose bytes were changed is read again, even if its
 * size and its time of modification are as they were. Only a note that belongs to this user and
 * that nobody else may write is believed.
 */
public final class CheckedFiles {
  private static final String PRIVATE = "rw-------";
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path note;
  private final List<Path> files;

  /**
   * A note about files.
   *
   * @param note where it lies or will lie
   * @param files what it is about; a file that is missing makes it worthless
   */
  public CheckedFiles(Path note, List<Path> files) {
    this.note = note;
    this.files = List.copyOf(files);
  }

  /** Whether the files were noted and have not been touched since. */
  public boolean untouched() {
    try {
      LinkOption noLinks = LinkOption.NOFOLLOW_LINKS;
      return Files.isRegularFile(note, noLinks)
          && Files.size(note) < 1 << 16
          && Files.getAttribute(note, "unix:uid", noLinks).equals(user())
          && PosixFilePermissions.toString(Files.getPosixFilePermissions(note, noLinks))
              .equals(PRIVATE)
          && Files.readString(note).equals(state());
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Notes the files as they are now; where no note can be written, none is. */
  public void write() {
    try {
      Path part =
          Files.createTempFile(
              note.toAbsolutePath().getParent(),
              ".checked",
              ".part",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
      try {
        Files.write(part, state().getBytes(StandardCharsets.UTF_8));
        Files.move(part, note, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // The next start reads the files again.
    }
  }

  /** Whether a folder belongs to this user, and nobody else may write into it. */
  public static boolean isPrivate(Path folder) throws IOException {
    LinkOption noLinks = LinkOption.NOFOLLOW_LINKS;
    return Files.isDirectory(folder, noLinks)
        && Files.getAttribute(folder, "unix:uid", noLinks).equals(user())
        && Files.getPosixFilePermissions(folder, noLinks).stream().noneMatch(OTHERS::contains);
  }

  /** The effective user, as the owner of what this process can only have made itself. */
  private static Object user() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self)
        ? Files.getAttribute(self, "unix:uid")
        : Files.getAttribute(Path.of(System.getProperty("user.home")), "unix:uid");
  }

  private String state() throws IOException {
    StringBuilder state = new StringBuilder();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new FileSystemException(file.toString());
      }
      state.append(file.toAbsolutePath());
      for (String part : List.of("size", "ino", "dev", "lastModifiedTime", "ctime")) {
        state.append(' ').append(Files.getAttribute(file, "unix:" + part));
      }
      state.append('\n');
    }
    return state.toString();
  }
}
