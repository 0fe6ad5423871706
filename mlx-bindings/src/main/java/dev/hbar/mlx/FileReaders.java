package dev.hbar.mlx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that fill pieces of memory from one file while the caller makes room for the next ones.
 * The memory must stay until this is closed: closing waits for the readers.
 */
final class FileReaders implements AutoCloseable {
  /**
   * As many as MLX's own loader uses. They wait for the disk more than they compute, so the number
   * of cores does not matter.
   */
  private static final int READERS = 4;

  private final Path file;
  private final FileChannel channel;
  private final ExecutorService pool;
  private final List<Future<?>> reads = new ArrayList<>();

  private FileReaders(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.pool = Executors.newFixedThreadPool(READERS, FileReaders::reader);
  }

  /**
   * Readers of a file, idle so far.
   *
   * @throws MlxFileException if it cannot be opened
   */
  static FileReaders open(Path file) {
    try {
      return new FileReaders(file, FileChannel.open(file, StandardOpenOption.READ));
    } catch (IOException e) {
      throw MlxFileException.of(
          file, "cannot be read: " + ErrorText.reason(e), "check the file and its permissions", e);
    }
  }

  private static Thread reader(Runnable task) {
    Thread thread = new Thread(task, "safetensors-reader");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to fill a piece. */
  void start(FilePiece piece) {
    reads.add(pool.submit(() -> piece.read(channel, file)));
  }

  /**
   * Waits until all pieces are full.
   *
   * @throws MlxFileException for the first one that could not be filled
   */
  void await() {
    try {
      for (Future<?> read : reads) {
        read.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MlxFileException known
          ? known
          : MlxFileException.of(
              file, "cannot be read: " + e.getCause(), "check the disk", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MlxFileException.of(file, "was not read to its end", "the load was interrupted", e);
    }
  }

  /** Drops what has not begun and waits for what has. */
  @Override
  public void close() {
    reads.forEach(read -> read.cancel(false));
    pool.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw MlxFileException.of(
          file, "cannot be closed: " + ErrorText.reason(e), "check the disk", e);
    }
  }
}
