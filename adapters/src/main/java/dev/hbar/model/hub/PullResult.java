package dev.hbar.model.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * How a pull ended.
 *
 * @param snapshot the folder that holds the files, complete only if {@code complete}
 * @param commit what the revision stands for now
 * @param files what is here, in the order of its arrival
 * @param complete false when it was stopped
 */
public record PullResult(Path snapshot, String commit, List<PulledFile> files, boolean complete) {
  /** Copies the list. */
  public PullResult {
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(PulledFile::bytes).sum();
  }

  /** Bytes that came over the network this time. */
  public long received() {
    return files.stream().mapToLong(PulledFile::received).sum();
  }
}
