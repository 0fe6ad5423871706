package dev.hbar.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a server is reached and how much it takes on.
 *
 * @param host the address to listen on; one that other machines reach needs keys
 * @param port 0 for any free one
 * @param checkpoints folders or names in the Hugging Face cache; the first answers requests that
 *     name no model
 * @param keys API keys, one of which every request must carry; empty for none
 * @param running requests that are answered at once
 * @param waiting requests beyond those that wait; more are refused
 * @param bodyBytes largest body of a request
 * @param idle time without a request after which a model is closed; empty for never
 * @param pinned names of models, as clients call them, that are never closed once they are open
 * @param prefixes where what prompts have computed is kept between runs; empty for memory only
 */
public record ServeSettings(
    String host,
    int port,
    List<String> checkpoints,
    Set<String> keys,
    int running,
    int waiting,
    long bodyBytes,
    Optional<Duration> idle,
    Set<String> pinned,
    Optional<Prefixes> prefixes) {
  /**
   * Files for what prompts have computed.
   *
   * @param folder made if it is not there
   * @param most bytes of all files
   */
  public record Prefixes(Path folder, long most) {}

  /** Requests answered at once unless a number is given. */
  public static final int RUNNING = 8;

  /** Requests that may wait unless a number is given. */
  public static final int WAITING = 64;

  private static final long BODY_BYTES = 16L << 20;

  /** Copies the lists; refuses a server that anybody on the network could use. */
  public ServeSettings {
    checkpoints = List.copyOf(checkpoints);
    keys = Set.copyOf(keys);
    pinned = Set.copyOf(pinned);
    if (checkpoints.isEmpty()) {
      throw new IllegalArgumentException("give at least one checkpoint to serve");
    }
    if (keys.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "other machines reach " + host + ": give --api-key-file, or listen on 127.0.0.1");
    }
  }

  /** Without pinned models and kept prefixes. */
  public ServeSettings(
      String host,
      int port,
      List<String> checkpoints,
      Set<String> keys,
      int running,
      int waiting,
      long bodyBytes,
      Optional<Duration> idle) {
    this(
        host,
        port,
        checkpoints,
        keys,
        running,
        waiting,
        bodyBytes,
        idle,
        Set.of(),
        Optional.empty());
  }

  /** On this machine only, without keys. */
  public static ServeSettings local(int port, List<String> checkpoints) {
    return new ServeSettings(
        "127.0.0.1", port, checkpoints, Set.of(), RUNNING, WAITING, BODY_BYTES, Optional.empty());
  }

  /** Whether only this machine reaches an address; a name that begins like one is none. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
  }
}
