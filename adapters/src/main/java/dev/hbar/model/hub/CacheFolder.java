package dev.hbar.model.hub;

import dev.hbar.model.checkpoint.HuggingFaceCache;
import dev.hbar.model.checkpoint.HuggingFaceName;
import dev.hbar.model.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * One model's folder in the cache, as huggingface_hub lays it out: {@code blobs/HASH} holds the
 * contents, {@code snapshots/COMMIT/NAME} links to them, {@code refs/REVISION} holds the commit.
 * Every entry appears complete, by a rename within the folder.
 */
final class CacheFolder {
  private final Path hub;
  private final Path model;

  CacheFolder(HuggingFaceCache cache, HuggingFaceName name) {
    this.hub = cache.hub().toAbsolutePath().normalize();
    this.model = hub.resolve(name.folderName());
  }

  /** The lock of this model; huggingface_hub keeps its own locks beside it. */
  Path lockFile() {
    return hub.resolve(".locks").resolve(model.getFileName()).resolve("hbar.lock");
  }

  Path snapshot(String commit) {
    return model.resolve("snapshots").resolve(commit);
  }

  Path blob(BlobId id) {
    return model.resolve("blobs").resolve(id.hex());
  }

  /** The unfinished content; a name of our own, as huggingface_hub may be at the same blob. */
  Path partial(BlobId id) {
    return model.resolve("blobs").resolve(id.hex() + ".hbar.incomplete");
  }

  /**
   * Whether the content is here, of the right size: it got its name by a rename after the check. It
   * may be a link, to the store that huggingface_hub shares among models.
   */
  boolean holds(RemoteFile file) throws IOException {
    Path blob = blob(file.blob());
    return Files.isRegularFile(blob) && Files.size(blob) == file.size();
  }

  /** Bytes of the content that need not come any more. */
  long presentBytes(RemoteFile file) throws IOException {
    if (holds(file)) {
      return file.size();
    }
    Path partial = partial(file.blob());
    boolean regular = Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS);
    return regular ? Math.min(file.size(), Files.size(partial)) : 0;
  }

  /** Whether the snapshot has all of these files, and the revision stands for it. */
  boolean isWhole(String revision, String commit, List<RemoteFile> files) throws IOException {
    for (RemoteFile file : files) {
      Path link = snapshot(commit).resolve(file.path());
      boolean linked =
          holds(file) && Files.exists(link) && Files.isSameFile(link, blob(file.blob()));
      if (!linked) {
        return false;
      }
    }
    Path ref = model.resolve("refs").resolve(revision);
    return revision.equals(commit)
        || (Files.isRegularFile(ref) && Files.readString(ref).strip().equals(commit));
  }

  void makeBlobFolder() throws IOException {
    Files.createDirectories(model.resolve("blobs"));
  }

  /** Gives a checked content its name. */
  void adopt(BlobId id) throws IOException {
    WholeFile.replace(partial(id), blob(id));
  }

  /** Makes the snapshot's name for a content that is here. */
  void link(String commit, RemoteFile file) throws IOException {
    Path snapshot = Files.createDirectories(snapshot(commit));
    Path link = snapshot.resolve(file.path());
    Path folder = Files.createDirectories(link.getParent());
    if (!folder.toRealPath().startsWith(snapshot.toRealPath())) {
      throw new HubException(
          "%s is a link out of the snapshot: remove it and pull again".formatted(folder));
    }
    Path target = folder.relativize(blob(file.blob()));
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return;
    }
    Path temporary = folder.resolve("." + link.getFileName() + ".hbar.tmp");
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, target);
    try {
      WholeFile.replace(temporary, link);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Notes what the revision stands for; a commit stands for itself. */
  void writeRef(String revision, String commit) throws IOException {
    if (revision.equals(commit)) {
      return;
    }
    Path ref = model.resolve("refs").resolve(revision);
    Files.createDirectories(ref.getParent());
    // Beside the refs, where no other tool takes it for one.
    Path part = model.resolve(".ref.hbar.tmp");
    WholeFile.write(ref, commit.getBytes(StandardCharsets.UTF_8), part);
  }

  /** Bytes that this user may still write there. */
  long usableBytes() throws IOException {
    Path folder = hub;
    while (!Files.exists(folder)) {
      folder = folder.getParent();
    }
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
