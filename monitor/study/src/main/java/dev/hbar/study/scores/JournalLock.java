package dev.hbar.study.scores;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The exclusive lock on a score file. The operating system releases it when the process dies. The
 * process id beside it, in {@code FILE.pid}, only serves the message to a second process.
 */
final class JournalLock {
  private final FileLock lock;
  private final Path pidFile;

  private JournalLock(FileLock lock, Path pidFile) {
    this.lock = lock;
    this.pidFile = pidFile;
  }

  /**
   * Takes the lock or says who has it.
   *
   * @throws ScoreFileException if another process, or another journal of this one, has it
   */
  static JournalLock take(Path file, FileChannel channel) throws IOException {
    Path pidFile = file.resolveSibling(file.getFileName() + ".pid");
    FileLock lock = tryLock(channel);
    if (lock == null) {
      throw new ScoreFileException(
          file, "is being written by process " + owner(pidFile) + "; wait for it or stop it");
    }
    writePid(pidFile);
    return new JournalLock(lock, pidFile);
  }

  /** Releases the lock and removes the note; a second call does nothing. */
  void release() throws IOException {
    if (lock.isValid()) {
      Files.deleteIfExists(pidFile);
      lock.release();
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // A second journal in this process: the same answer as for another process.
      return null;
    }
  }

  private static void writePid(Path pidFile) {
    try {
      Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      // Only the message to a second process is poorer; the lock holds.
    }
  }

  private static String owner(Path pidFile) {
    try {
      return Files.readString(pidFile).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
