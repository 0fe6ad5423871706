package dev.hbar.mlx;

import java.io.IOException;
import java.nio.ByteBuffer;
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
 * A stretch of a file and the buffer it fills completely.
 *
 * @param position first byte in the file
 * @param target its remaining bytes are the length
 */
record FilePiece(long position, ByteBuffer target) {
  /**
   * More readers than this do not make a page-cached read faster; MLX's own loader uses as many.
   */
  private static final int MAX_READERS = 4;

  /** Fills all pieces, several at a time. */
  static void readAll(Path file, List<FilePiece> pieces) {
    int readers =
        Math.clamp(
            Math.min(pieces.size(), Runtime.getRuntime().availableProcessors()), 1, MAX_READERS);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        ExecutorService pool = Executors.newFixedThreadPool(readers, FilePiece::reader)) {
      List<Future<?>> reads = new ArrayList<>();
      for (FilePiece piece : pieces) {
        reads.add(pool.submit(() -> piece.read(channel, file)));
      }
      for (Future<?> read : reads) {
        read.get();
      }
    } catch (IOException e) {
      throw MlxFileException.of(
          file, "cannot be read: " + e.getMessage(), "check the file and its permissions", e);
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

  private static Thread reader(Runnable task) {
    Thread thread = new Thread(task, "safetensors-reader");
    thread.setDaemon(true);
    return thread;
  }

  private Void read(FileChannel channel, Path file) throws IOException {
    ByteBuffer rest = target.duplicate();
    long at = position;
    while (rest.hasRemaining()) {
      int count = channel.read(rest, at);
      if (count < 0) {
        throw MlxFileException.of(
            file, "ends at byte " + at + " inside a tensor", "the file was cut: fetch it again");
      }
      at += count;
    }
    return null;
  }
}
