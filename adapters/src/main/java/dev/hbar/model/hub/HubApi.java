package dev.hbar.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.checkpoint.HuggingFaceName;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The two questions to the hub: what a revision stands for, and what it holds; the answers in
 * records, everything in them checked.
 */
final class HubApi {
  private static final int MAX_BYTES = 64 << 20;
  private static final int MAX_FILES = 100_000;
  private static final int MAX_PAGES = 1000;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
  private final HubSettings settings;
  private final HuggingFaceName name;
  private final HubRequests requests;
  private final PullWatch watch;
  private final Supplier<Patience> patience;
  private final Refusal refusal;

  HubApi(
      HubSettings settings,
      HuggingFaceName name,
      HubRequests requests,
      PullWatch watch,
      Supplier<Patience> patience) {
    this.settings = settings;
    this.name = name;
    this.requests = requests;
    this.watch = watch;
    this.patience = patience;
    this.refusal = new Refusal(settings, name);
  }

  /** Where a file of a commit is. */
  URI resolve(String commit, String path) {
    String encoded =
        Arrays.stream(path.split("/")).map(HubApi::encode).collect(Collectors.joining("/"));
    return settings.endpoint().resolve(root() + name + "/resolve/" + commit + "/" + encoded);
  }

  /** What the revision holds now. */
  Listing listing() {
    URI info = api("/revision/" + encode(name.revision()));
    String commit = get(info).json().path("sha").asText("");
    if (!COMMIT.matcher(commit).matches()) {
      throw malformed("no commit");
    }
    List<RemoteFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Optional<URI> page = Optional.of(api("/tree/" + commit + "?recursive=true"));
    for (int pages = 0; page.isPresent(); pages++) {
      if (pages == MAX_PAGES) {
        throw malformed("more than " + MAX_PAGES + " pages");
      }
      Page answer = get(page.get());
      addFiles(answer.json(), files, names);
      page = answer.next();
    }
    return new Listing(commit, files);
  }

  private record Page(JsonNode json, Optional<URI> next) {}

  private Page get(URI uri) {
    Patience tries = patience.get();
    while (true) {
      try (HubRequests.Answer answer = requests.get(uri, Map.of("Accept", "application/json"))) {
        if (answer.status() == 200) {
          return page(answer, tries);
        }
        if (!Patience.isPassing(answer.status())) {
          throw refusal.of(answer, "");
        }
        tries.refused(answer);
      } catch (JsonProcessingException noJson) {
        throw malformed("no JSON");
      } catch (IOException cut) {
        tries.failed(cut);
      }
    }
  }

  private Page page(HubRequests.Answer answer, Patience tries) throws IOException {
    byte[] body;
    try (StallGuard _ = StallGuard.watch(answer.body(), watch, tries.silence())) {
      body = answer.body().readNBytes(MAX_BYTES + 1);
    }
    if (body.length > MAX_BYTES) {
      throw malformed("more than " + MAX_BYTES + " bytes");
    }
    Optional<String> next =
        answer.response().headers().allValues("Link").stream()
            .map(NEXT::matcher)
            .filter(Matcher::find)
            .map(link -> link.group(1))
            .findFirst();
    try {
      return new Page(Json.MAPPER.readTree(body), next.map(answer.response().uri()::resolve));
    } catch (IllegalArgumentException noAddress) {
      throw malformed("no address of the next page");
    }
  }

  private void addFiles(JsonNode entries, List<RemoteFile> files, Set<String> names) {
    if (!entries.isArray()) {
      throw malformed("no list of files");
    }
    for (JsonNode entry : entries) {
      if (entry.path("type").asText("").equals("file")) {
        RemoteFile file = file(entry);
        if (!names.add(file.path()) || files.size() >= MAX_FILES) {
          throw malformed("a file twice, or too many");
        }
        files.add(file);
      }
    }
  }

  private RemoteFile file(JsonNode entry) {
    String path = RemoteNames.checked(entry.path("path").asText(""));
    JsonNode lfs = entry.path("lfs");
    boolean large = lfs.isObject();
    JsonNode size = (large ? lfs : entry).path("size");
    if (!size.canConvertToLong() || size.longValue() < 0) {
      throw malformed("no size of " + path);
    }
    try {
      BlobId id =
          large
              ? new BlobId(BlobId.Kind.SHA256, lfs.path("oid").asText("").replace("sha256:", ""))
              : new BlobId(BlobId.Kind.GIT, entry.path("oid").asText(""));
      return new RemoteFile(path, size.longValue(), id);
    } catch (IllegalArgumentException noHash) {
      throw malformed("no hash of " + path);
    }
  }

  private URI api(String rest) {
    return settings.endpoint().resolve(root() + "api/models/" + name + rest);
  }

  /** A hub may live below a path of its host. */
  private String root() {
    return settings.endpoint().getRawPath() + "/";
  }

  private HubException malformed(String what) {
    return new HubException(
        "the server's answer about %s is not a hub's (%s), at %s: check HF_ENDPOINT"
            .formatted(name, what, settings.endpoint()));
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
