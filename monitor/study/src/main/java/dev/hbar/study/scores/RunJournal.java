package dev.hbar.study.scores;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A score file being written: append only, one line per sample, on the disk before the next group
 * starts, locked against a second process. Opening an existing file resumes it.
 *
 * <p>Owned by the thread that opened it; close it to release the lock.
 */
public final class RunJournal implements AutoCloseable {
  private final Path file;
  private final ScoreFile.Header header;
  private final FileChannel channel;
  private final Lock lock;
  private List<SampleScore> recorded = List.of();
  private long length;

  private RunJournal(Path file, ScoreFile.Header header, FileChannel channel, Lock lock) {
    this.file = file;
    this.header = header;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Creates the file with its header, or resumes it.
   *
   * @param file the score file; its folder must exist
   * @param header what this run is
   * @throws StudyException if the file is of another run (naming the first difference), damaged
   *     (naming the line), in use by another process (naming it) or not writable. A torn last line
   *     is no damage: it is cut off.
   */
  public static RunJournal open(Path file, ScoreFile.Header header) {
    FileChannel channel = openChannel(file);
    try {
      RunJournal journal = new RunJournal(file, header, channel, Lock.take(file, channel));
      try {
        journal.recover();
        return journal;
      } catch (IOException | RuntimeException e) {
        journal.lock.release();
        throw e;
      }
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new StudyException(
          file, "cannot be opened (" + ErrorText.reason(e) + "); choose another file");
    } catch (RuntimeException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  /** What the file held when it was opened, in its order. */
  public List<SampleScore> recorded() {
    return recorded;
  }

  /** What this run is. */
  public ScoreFile.Header header() {
    return header;
  }

  /** The file's path. */
  public Path file() {
    return file;
  }

  /**
   * Appends lines and forces them to the disk.
   *
   * @throws StudyException if that fails, for instance on a full disk; lines written earlier stay
   *     as they are
   */
  public void append(List<SampleScore> scores) {
    StringBuilder lines = new StringBuilder();
    for (SampleScore score : scores) {
      lines.append(ScoreLines.write(score)).append('\n');
    }
    write(lines.toString());
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new StudyException(
          file, "cannot be closed (" + ErrorText.reason(e) + "); make room and run it again");
    }
  }

  private static FileChannel openChannel(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new StudyException(file, "is not a regular file; scores are kept in one");
    }
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StudyException(
          file, "cannot be opened for writing (" + ErrorText.reason(e) + "); choose another file");
    }
  }

  private void recover() throws IOException {
    byte[] headerLine = (ScoreLines.write(header) + "\n").getBytes(StandardCharsets.UTF_8);
    if (isTornHeader(headerLine)) {
      write(new String(headerLine, StandardCharsets.UTF_8));
      return;
    }
    // Not closed: closing the stream would close the channel and with it the lock.
    ScoreFile found = ScoreFile.read(file, Channels.newInputStream(channel.position(0)));
    header
        .firstDifference(found.header())
        .ifPresent(
            difference -> {
              throw new StudyException(
                  file, "is of another run: " + difference + "; choose another --out");
            });
    recorded = found.scores();
    length = found.completeBytes();
    channel.truncate(length);
  }

  /** Empty, or what a killed process left of this very header; nobody's text is overwritten. */
  private boolean isTornHeader(byte[] headerLine) throws IOException {
    long size = channel.size();
    if (size >= headerLine.length) {
      return false;
    }
    ByteBuffer start = ByteBuffer.allocate((int) size);
    while (start.hasRemaining() && channel.read(start, start.position()) > 0) {
      // a read may give less than was asked for
    }
    return Arrays.equals(start.array(), 0, start.position(), headerLine, 0, start.position());
  }

  private void write(String lines) {
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    try {
      long end = length;
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
      channel.force(true);
      length = end;
    } catch (IOException e) {
      dropPartialLine(e);
      throw new StudyException(
          file,
          "cannot be written: %s; what it held is intact, run the same command again to resume"
              .formatted(ErrorText.reason(e)));
    }
  }

  private void dropPartialLine(IOException cause) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      // The next run cuts the torn line off.
      cause.addSuppressed(e);
    }
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * The exclusive lock on a score file. The operating system releases it when the process dies. The
   * process id beside it, in {@code FILE.pid}, only serves the message to a second process.
   */
  private static final class Lock {
    private final FileLock lock;
    private final Path pidFile;

    private Lock(FileLock lock, Path pidFile) {
      this.lock = lock;
      this.pidFile = pidFile;
    }

    /**
     * Takes the lock or says who has it.
     *
     * @throws StudyException if another process, or another journal of this one, has it
     */
    static Lock take(Path file, FileChannel channel) throws IOException {
      Path pidFile = file.resolveSibling(file.getFileName() + ".pid");
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new StudyException(
            file, "is being written by process " + owner(pidFile) + "; wait for it or stop it");
      }
      writePid(pidFile);
      return new Lock(lock, pidFile);
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
        return RegularFile.text(pidFile, 32).strip();
      } catch (IOException e) {
        return "unknown";
      }
    }
  }
}
