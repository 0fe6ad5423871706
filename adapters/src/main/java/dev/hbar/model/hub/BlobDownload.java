package dev.hbar.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One file into one blob: resumed from what is there, checked against the listed size and hash, and
 * then given its name. A content that turns out wrong is deleted and fetched once more.
 */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 18;

  private final HubRequests requests;
  private final Refusal refusal;
  private final PullWatch watch;
  private final RemoteFile file;
  private final URI uri;
  private final String commit;
  private long received;

  BlobDownload(
      HubRequests requests,
      Refusal refusal,
      PullWatch watch,
      RemoteFile file,
      URI uri,
      String commit) {
    this.requests = requests;
    this.refusal = refusal;
    this.watch = watch;
    this.file = file;
    this.uri = uri;
    this.commit = commit;
  }

  /** What came is not what the hub lists. */
  private static final class WrongContent extends Exception {
    private static final long serialVersionUID = 1L;

    WrongContent(String message) {
      super(message);
    }
  }

  /** The server or the network ended a transfer. */
  private static final class Cut extends IOException {
    private static final long serialVersionUID = 1L;

    Cut(IOException cause) {
      super(cause);
    }
  }

  /**
   * Fills the cache's partial file and gives it its name.
   *
   * @param present is told how many bytes of the file are here
   * @return bytes that came over the network
   */
  long run(CacheFolder cache, Patience patience, LongConsumer present) throws IOException {
    Path path = cache.partial(file.blob());
    for (int tries = 1; ; tries++) {
      try {
        fetch(path, patience, present);
        cache.adopt(file.blob());
        return received;
      } catch (WrongContent wrong) {
        Files.deleteIfExists(path);
        present.accept(0);
        if (tries == 2) {
          throw new HubException(
              "%s, in %s (twice, deleted): the server or a proxy alters files; pull again later"
                  .formatted(wrong.getMessage(), file.path()));
        }
        watch.retrying(wrong.getMessage(), 0);
      }
    }
  }

  private void fetch(Path path, Patience patience, LongConsumer present)
      throws IOException, WrongContent {
    Optional<String> validator = Optional.empty();
    try (PartialFile partial = PartialFile.open(path, file)) {
      present.accept(partial.size());
      while (!partial.isWhole()) {
        try (HubRequests.Answer answer = ask(partial, validator)) {
          if (Patience.isPassing(answer.status())) {
            patience.refused(answer);
          } else if (isBegun(answer, partial)) {
            // A weak validator may stand for other bytes.
            validator = answer.header("ETag").filter(tag -> tag.startsWith("\""));
            receive(answer.body(), partial, patience, present);
          }
        } catch (Cut cut) {
          patience.failed(cut.getCause() instanceof IOException cause ? cause : cut);
        }
      }
      if (!partial.isRight()) {
        throw new WrongContent("wrong hash");
      }
    }
  }

  private HubRequests.Answer ask(PartialFile partial, Optional<String> validator) throws Cut {
    Map<String, String> headers = new LinkedHashMap<>();
    if (partial.size() > 0) {
      headers.put("Range", "bytes=" + partial.size() + "-");
      // Another content since the first part: then the whole of it comes, not a mixture.
      validator.ifPresent(tag -> headers.put("If-Range", tag));
    }
    try {
      return requests.get(uri, headers);
    } catch (IOException failed) {
      throw new Cut(failed);
    }
  }

  /** Whether a body follows that begins where the partial file ends. */
  private boolean isBegun(HubRequests.Answer answer, PartialFile partial)
      throws IOException, WrongContent {
    requireListed(answer);
    switch (answer.status()) {
      case 200 -> partial.restart();
      case 206 -> {
        String range = answer.header("Content-Range").orElse("");
        String wanted = "bytes %s-%s/%s".formatted(partial.size(), file.size() - 1, file.size());
        if (!range.equals(wanted)) {
          throw new WrongContent("wrong size (the server sends \"%s\")".formatted(range));
        }
      }
      case 416 -> throw new WrongContent("wrong size (the server has less)");
      default -> throw refusal.of(answer, file.path());
    }
    long length = answer.response().headers().firstValueAsLong("Content-Length").orElse(-1);
    if (length >= 0 && length != partial.missing()) {
      throw new WrongContent(
          "wrong size (%s bytes listed, %s sent)".formatted(partial.missing(), length));
    }
    return true;
  }

  /** The hub says itself what it is about to send; large files are not fetched in vain. */
  private void requireListed(HubRequests.Answer answer) throws WrongContent {
    Optional<String> linked = answer.first().firstValue("X-Linked-Etag").map(BlobDownload::plain);
    if (linked.filter(tag -> !tag.equals(file.blob().hex())).isPresent()) {
      throw new WrongContent("wrong hash (the server announces another one)");
    }
    Optional<String> sent = answer.first().firstValue("X-Repo-Commit");
    if (sent.filter(other -> !other.equals(commit)).isPresent()) {
      throw new WrongContent("wrong commit (the server announces another one)");
    }
  }

  private static String plain(String etag) {
    return etag.replaceFirst("^W/", "").replace("\"", "");
  }

  private void receive(
      InputStream body, PartialFile partial, Patience patience, LongConsumer present)
      throws IOException, WrongContent {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (StallGuard guard = StallGuard.watch(body, watch, patience.silence())) {
      while (!partial.isWhole()) {
        int count = read(body, buffer, guard);
        if (count > partial.missing()) {
          throw new WrongContent(
              "wrong size (more than the %s bytes listed)".formatted(file.size()));
        }
        partial.write(buffer, count);
        received += count;
        patience.progressed();
        present.accept(partial.size());
      }
    }
  }

  private int read(InputStream body, byte[] buffer, StallGuard guard) throws Cut {
    try {
      int count = body.read(buffer);
      Pause.check(watch);
      if (count < 0) {
        throw new IOException("the body ended early");
      }
      guard.alive();
      return count;
    } catch (IOException failed) {
      Pause.check(watch);
      throw new Cut(failed);
    }
  }
}
