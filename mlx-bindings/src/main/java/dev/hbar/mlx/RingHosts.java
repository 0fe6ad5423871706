package dev.hbar.mlx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hbar.mlx.internal.DistributedCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What MLX's ring reads from the environment, checked first: MLX divides by the number of hosts, is
 * stopped by a rank outside of them, waits for ever on unequal numbers of connections, and takes a
 * '%' in a path or address for a format.
 */
final class RingHosts {
  private static final String RANK = "MLX_RANK";
  private static final String FILE = "MLX_HOSTFILE";
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._-]+:\\d{1,5}");

  private RingHosts() {}

  /**
   * Refuses what MLX would not survive.
   *
   * @throws MlxException naming the variable and what it should hold
   */
  static void check(Map<String, String> environment) {
    String rank = environment.getOrDefault(RANK, "");
    String file = environment.getOrDefault(FILE, "");
    require(
        !rank.isEmpty() && !file.isEmpty(),
        "%s and %s are not set: start every process with its number and the list of hosts"
            .formatted(RANK, FILE));
    require(NUMBER.matcher(rank).matches(), RANK + " is no number: " + ErrorText.quoted(rank));
    List<Integer> connections = connections(file);
    require(
        connections.size() >= 2, "%s %s names fewer than two hosts".formatted(FILE, named(file)));
    require(
        Integer.parseInt(rank) < connections.size(),
        "%s is %s, but %s names %s hosts".formatted(RANK, rank, FILE, connections.size()));
    require(
        connections.getFirst() > 0 && connections.stream().distinct().count() == 1,
        FILE + " must give every host the same number of addresses, at least one");
  }

  /** Number of addresses of each host. */
  private static List<Integer> connections(String file) {
    require(file.indexOf('%') < 0, "MLX cannot read a path with '%': " + named(file));
    try {
      Path path = Path.of(file);
      require(Files.isRegularFile(path), FILE + " names no file: " + named(file));
      require(Files.size(path) <= MAX_BYTES, FILE + " names a file above 1 MB: " + named(file));
      return parse(Files.readString(path, StandardCharsets.UTF_8), file);
    } catch (IOException | InvalidPathException unreadable) {
      throw refused("%s %s cannot be read as JSON [[\"host:port\"], ...]", FILE, named(file));
    }
  }

  private static List<Integer> parse(String json, String file) throws IOException {
    List<Integer> connections = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      requireToken(parser.nextToken() == JsonToken.START_ARRAY, file);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        requireToken(parser.currentToken() == JsonToken.START_ARRAY, file);
        int addresses = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          requireToken(parser.currentToken() == JsonToken.VALUE_STRING, file);
          String address = parser.getText();
          require(
              ADDRESS.matcher(address).matches(),
              "%s holds no host:port: %s".formatted(FILE, ErrorText.quoted(address)));
          addresses++;
        }
        connections.add(addresses);
      }
      requireToken(parser.nextToken() == null, file);
    }
    return connections;
  }

  private static void requireToken(boolean holds, String file) {
    require(holds, "%s %s is not of the form [[\"host:port\"], ...]".formatted(FILE, named(file)));
  }

  private static String named(String file) {
    return ErrorText.quoted(file);
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw refused("%s", fault);
    }
  }

  private static MlxException refused(String form, Object... arguments) {
    return DistributedCalls.refused(
        MlxDistributed.Backend.RING.mlxName(), form.formatted(arguments));
  }
}
