package dev.hbar.model.hub;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.HuggingFaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Fetches one revision of a model into the cache. One object, one pull, one thread. */
public final class Puller {
  private final HuggingFaceName name;
  private final HubSettings settings;
  private final FileSelection selection;
  private final PullWatch watch;
  private final Patience.Retries retries;
  private final CacheFolder cache;
  private final Refusal refusal;
  private final List<PulledFile> files = new ArrayList<>();

  Puller(
      HuggingFaceName name,
      HubSettings settings,
      FileSelection selection,
      PullWatch watch,
      Patience.Retries retries) {
    this.name = name;
    this.settings = settings;
    this.selection = selection;
    this.watch = watch;
    this.retries = retries;
    this.cache = new CacheFolder(settings.cache(), name);
    this.refusal = new Refusal(settings, name);
  }

  /**
   * Fetches what is missing, checks it, and makes the snapshot; the revision's name is written
   * last, so it never stands for a snapshot that is not whole.
   *
   * <p>Without network it names the snapshot that is there. Where all is there already, nothing is
   * written, so a cache that may only be read serves.
   *
   * @throws HubException when it cannot be done; what has come stays for the next pull
   */
  public static PullResult pull(
      HuggingFaceName name, HubSettings settings, FileSelection selection, PullWatch watch) {
    return new Puller(name, settings, selection, watch, Patience.Retries.USUAL).run();
  }

  PullResult run() {
    if (settings.offline()) {
      return cached();
    }
    Listing listing = new Listing("", List.of());
    boolean complete = false;
    try (HubRequests requests = new HubRequests(settings, watch)) {
      HubApi api = new HubApi(settings, name, requests, watch, this::patience);
      listing = api.listing();
      List<RemoteFile> wanted = selection.of(name.toString(), listing.files());
      if (cache.isWhole(name.revision(), listing.commit(), wanted)) {
        keep(wanted);
      } else {
        try (CacheLock _ = CacheLock.take(cache.lockFile(), watch)) {
          fetch(api, requests, listing.commit(), wanted);
        }
      }
      complete = true;
    } catch (Pause.Stopped stopped) {
      // What has come stays; the result says that it is not all.
    } catch (IOException failed) {
      throw new HubException(
          "cannot write to %s (%s): free space or permissions, or set HF_HUB_CACHE to another folder"
              .formatted(cache, ErrorText.reason(failed)),
          failed);
    }
    return new PullResult(cache.snapshot(listing.commit()), listing.commit(), files, complete);
  }

  private PullResult cached() {
    try {
      Path snapshot = settings.cache().snapshot(name);
      try (Stream<Path> all = Files.walk(snapshot)) {
        for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
          String path = snapshot.relativize(file).toString();
          files.add(new PulledFile(path, Files.size(file), 0));
        }
      }
      return new PullResult(snapshot, snapshot.getFileName().toString(), files, true);
    } catch (CheckpointException absent) {
      throw new HubException(
          "HF_HUB_OFFLINE is set, and %s is not in the cache %s: unset it"
              .formatted(name, settings.cache().hub()),
          absent);
    } catch (IOException failed) {
      throw new HubException("cannot read %s: check its permissions".formatted(cache), failed);
    }
  }

  private void keep(List<RemoteFile> wanted) {
    long total = wanted.stream().mapToLong(RemoteFile::size).sum();
    watch.listed(wanted.size(), total, total);
    for (RemoteFile file : wanted) {
      files.add(new PulledFile(file.path(), file.size(), 0));
      watch.finished(files.getLast());
    }
  }

  private void fetch(HubApi api, HubRequests requests, String commit, List<RemoteFile> wanted)
      throws IOException {
    cache.makeBlobFolder();
    long total = 0;
    long ahead = 0;
    Map<RemoteFile, Long> here = new LinkedHashMap<>();
    for (RemoteFile file : wanted) {
      here.put(file, cache.presentBytes(file));
      ahead += here.get(file);
      total += file.size();
    }
    watch.listed(wanted.size(), ahead, total);
    requireSpace(total - ahead);
    long behind = 0;
    for (RemoteFile file : wanted) {
      Pause.check(watch);
      ahead -= here.get(file);
      long others = behind + ahead;
      long received = 0;
      if (!cache.holds(file)) {
        received =
            new BlobDownload(
                    requests, refusal, watch, file, api.resolve(commit, file.path()), commit)
                .run(cache, patience(), bytes -> watch.advanced(others + bytes));
      }
      cache.link(commit, file);
      behind += file.size();
      watch.advanced(behind + ahead);
      files.add(new PulledFile(file.path(), file.size(), received));
      watch.finished(files.getLast());
    }
    cache.writeRef(name.revision(), commit);
  }

  private Patience patience() {
    return new Patience(settings, retries, watch);
  }

  private void requireSpace(long bytes) throws IOException {
    long usable = cache.usableBytes();
    if (bytes > usable) {
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%.2f GB are to come and %.2f GB are free, in %s: free space, or set HF_HUB_CACHE to another folder",
              bytes / 1e9,
              usable / 1e9,
              cache));
    }
  }
}
