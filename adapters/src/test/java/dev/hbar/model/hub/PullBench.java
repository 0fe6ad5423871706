package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.HuggingFaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Pulls from a {@link HubServer} into a folder, and looks at what lies there. */
final class PullBench {
  private static final Patience.Retries QUICK =
      new Patience.Retries(3, Duration.ofMillis(5), Duration.ofSeconds(3), Duration.ofMillis(700));

  private final HubServer server;
  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Long> progress = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private BooleanSupplier stop = () -> false;

  PullBench(HubServer server, Path home) {
    this.server = server;
    this.home = home;
    environment.put("HF_HOME", home.toString());
    environment.put("HF_ENDPOINT", server.endpoint());
  }

  /** A config and weights in one piece. */
  static HubServer checkpoint(HubServer server, byte[] weights) {
    return server
        .small("config.json", "{\"model_type\":\"tiny\"}")
        .small("README.md", "# not needed")
        .large("model.safetensors", weights);
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  PullBench with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  PullBench stoppingWhen(BooleanSupplier condition) {
    stop = condition;
    return this;
  }

  PullResult pull(String... include) {
    return pullRevision("main", include);
  }

  PullResult pullRevision(String revision, String... include) {
    HuggingFaceName name = HuggingFaceName.parse(HubServer.MODEL + "@" + revision).orElseThrow();
    return new Puller(
            name, HubSettings.of(environment), new FileSelection(List.of(include)), watch(), QUICK)
        .run();
  }

  /** The one line of a pull that cannot be done. */
  String refusal(String... include) {
    String message = assertThrows(HubException.class, () -> pull(include)).getMessage();
    assertFalse(message.contains("\n"), message);
    assertFalse(message.contains(HubServer.TOKEN), message);
    assertFalse(message.contains("Signature"), message);
    return message;
  }

  private PullWatch watch() {
    return new PullWatch() {
      @Override
      public boolean stopRequested() {
        return stop.getAsBoolean();
      }

      @Override
      public void waiting() {
        notes.add("waiting");
      }

      @Override
      public void listed(int files, long presentBytes, long totalBytes) {
        progress.add(presentBytes);
        notes.add("%d files, %d bytes".formatted(files, totalBytes));
      }

      @Override
      public void advanced(long presentBytes) {
        progress.add(presentBytes);
      }

      @Override
      public void finished(PulledFile file) {
        notes.add(file.path());
      }

      @Override
      public void retrying(String reason, long seconds) {
        notes.add("retrying: " + reason);
      }
    };
  }

  List<Long> progress() {
    return progress;
  }

  List<String> notes() {
    return notes;
  }

  Path model() {
    return home.resolve("hub").resolve("models--org--model");
  }

  Path snapshot() {
    return model().resolve("snapshots").resolve(HubServer.COMMIT);
  }

  Path ref() {
    return model().resolve("refs").resolve("main");
  }

  /** The snapshot has exactly these files, as relative links to blobs named by their hash. */
  void requireSnapshot(String... paths) throws IOException {
    for (String path : paths) {
      Path link = snapshot().resolve(path);
      ServedFile file = server.file(path);
      assertTrue(Files.isSymbolicLink(link), link.toString());
      assertFalse(Files.readSymbolicLink(link).isAbsolute(), link.toString());
      assertEquals(
          model().resolve("blobs").resolve(file.listedHash()).toRealPath(), link.toRealPath());
      assertArrayEquals(file.sent(), Files.readAllBytes(link));
    }
    assertEquals(Stream.of(paths).sorted().toList(), names(snapshot()));
    assertEquals(HubServer.COMMIT, Files.readString(ref()));
    requireNothingUnfinished();
  }

  void requireNothingUnfinished() throws IOException {
    assertEquals(
        List.of(),
        names(home.resolve("hub")).stream()
            .filter(name -> name.endsWith(".incomplete") || name.endsWith(".tmp"))
            .toList());
  }

  /** What is not there is not whole: no ref, and no file in the snapshot but whole ones. */
  void requireNoRef() {
    assertFalse(Files.exists(ref()));
  }

  static List<String> names(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
