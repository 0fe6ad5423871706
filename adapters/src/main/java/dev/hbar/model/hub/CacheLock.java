package dev.hbar.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One pull of a model at a time; the operating system gives the lock back when a process dies. */
final class CacheLock implements AutoCloseable {
  private final FileChannel channel;

  private CacheLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the lock, or until the watch stops the pull. */
  static CacheLock take(Path file, PullWatch watch) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      boolean told = false;
      while (tryLock(channel) == null) {
        if (!told) {
          watch.waiting();
          told = true;
        }
        Pause.of(watch, 200);
      }
      taken = true;
      return new CacheLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
