package dev.hbar.study.ranks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * This process among those that share a run, as {@code scripts/launch} says it in the environment:
 * HBAR_RANK, HBAR_RANKS, HBAR_RANK_ADDRESS (host:port of rank 0) and HBAR_RANK_SECRET_FILE. Under
 * mlx.launch, MLX_RANK and MLX_HOSTFILE say the first three; rank 0 then listens {@value
 * #BESIDE_RING} ports above its first one in the ring.
 */
public final class Ranks {
  /** Ports between that of MLX's ring and ours. */
  static final int BESIDE_RING = 1000;

  /** Most processes. */
  static final int MOST = 1024;

  /** Variable that names the file with what all ranks know. */
  public static final String SECRET = "HBAR_RANK_SECRET_FILE";

  private static final String RANK = "HBAR_RANK";
  private static final String RANKS = "HBAR_RANKS";
  private static final String ADDRESS = "HBAR_RANK_ADDRESS";
  private static final String MLX_RANK = "MLX_RANK";
  private static final String MLX_HOSTS = "MLX_HOSTFILE";
  private static final int LEAST_SECRET = 16;
  private static final int MOST_SECRET = 4096;
  private static final int MOST_HOSTS = 1 << 20;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
  private static final Pattern HOST_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

  private final int rank;
  private final int size;
  private final String address;
  private final Secret secret;
  private final Limits limits;

  private Ranks(int rank, int size, String address, Secret secret, Limits limits) {
    this.rank = rank;
    this.size = size;
    this.address = address;
    this.secret = secret;
    this.limits = limits;
  }

  /**
   * What a launcher said, if there was one.
   *
   * @throws StudyException naming the variable that is missing or makes no sense
   */
  public static Optional<Ranks> of(Map<String, String> variables) {
    if (variables.containsKey(RANK)) {
      return Optional.of(
          checked(
              number(variables, RANK),
              number(variables, RANKS),
              value(variables, ADDRESS),
              variables));
    }
    return variables.containsKey(MLX_RANK) && variables.containsKey(MLX_HOSTS)
        ? Optional.of(ofRing(variables))
        : Optional.empty();
  }

  private static Ranks ofRing(Map<String, String> variables) {
    String hosts = text(variables, MLX_HOSTS, MOST_HOSTS);
    try {
      JsonNode ring = new ObjectMapper().readTree(hosts);
      Matcher first = HOST_PORT.matcher(ring.path(0).path(0).asText());
      if (first.matches()) {
        int port = Integer.parseInt(first.group(2)) + BESIDE_RING;
        String address = first.group(1) + ":" + port;
        return checked(number(variables, MLX_RANK), ring.size(), address, variables);
      }
    } catch (IOException notJson) {
      // Said below.
    }
    throw wrong(MLX_HOSTS, "names a file that is not of the form [[\"host:port\"], ...]");
  }

  private static Ranks checked(int rank, int size, String address, Map<String, String> variables) {
    if (size < 1 || size > MOST) {
      throw wrong(RANKS, "must be from 1 to " + MOST + ", not " + size);
    }
    if (rank >= size) {
      throw wrong(RANK, "must be below the number of ranks, %s, not %s".formatted(size, rank));
    }
    Matcher place = HOST_PORT.matcher(address);
    if (!place.matches() || Integer.parseInt(place.group(2)) > 0xffff) {
      throw wrong(ADDRESS, "must be host:port of rank 0, not " + ErrorText.quoted(address));
    }
    byte[] secret = text(variables, SECRET, MOST_SECRET).strip().getBytes(StandardCharsets.UTF_8);
    if (secret.length < LEAST_SECRET) {
      throw wrong(SECRET, "names a file of fewer than " + LEAST_SECRET + " bytes; make it longer");
    }
    return new Ranks(rank, size, address, new Secret(secret), Limits.USUAL);
  }

  private static int number(Map<String, String> variables, String name) {
    String text = value(variables, name);
    if (!NUMBER.matcher(text).matches()) {
      throw wrong(name, "must be a number, not " + ErrorText.quoted(text));
    }
    return Integer.parseInt(text);
  }

  private static String text(Map<String, String> variables, String name, int mostBytes) {
    String file = value(variables, name);
    try {
      return RegularFile.text(Path.of(file), mostBytes);
    } catch (IOException | InvalidPathException e) {
      throw wrong(name, "names a file that cannot be read: " + ErrorText.quoted(file));
    }
  }

  private static String value(Map<String, String> variables, String name) {
    String value = variables.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw wrong(name, "is not set; start the ranks with scripts/launch");
    }
    return value;
  }

  private static StudyException wrong(String variable, String problem) {
    return new StudyException(variable + " " + problem);
  }

  /** Number of this process; 0 owns the file. */
  public int rank() {
    return rank;
  }

  /** Number of processes. */
  public int size() {
    return size;
  }

  /** Whether this one works for rank 0. */
  public boolean helps() {
    return rank > 0;
  }

  /** What a rank above 0 says in the end. */
  public String done(int samples) {
    return "rank %s: %s samples done for rank 0 at %s".formatted(rank, samples, address);
  }

  /** Where rank 0 listens, as it was given. */
  String address() {
    return address;
  }

  /** Where rank 0 listens; looked up anew, as the machine may have come up since. */
  InetSocketAddress socketAddress() {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
    return new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
  }

  /**
   * When a rank is given up.
   *
   * @param silence no sign of life for so long
   * @param patience so long for a group, beyond ten times what rank 0 takes
   */
  record Limits(Duration silence, Duration patience) {
    /** Above a pause of the garbage collector or of a network. */
    static final Limits USUAL = new Limits(Duration.ofSeconds(30), Duration.ofMinutes(1));
  }

  Limits limits() {
    return limits;
  }

  /** The same with other limits. */
  Ranks within(Limits others) {
    return new Ranks(rank, size, address, secret, others);
  }

  /** What all ranks know and nobody else. */
  Secret secret() {
    return secret;
  }
}
