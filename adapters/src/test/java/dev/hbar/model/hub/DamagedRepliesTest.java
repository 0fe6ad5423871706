package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.Mutants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hub answers, damaged: the model comes, or one line says what is wrong with the answer. */
class DamagedRepliesTest {
  private static final String REVISION = "{\"sha\": \"%s\", \"private\": false}";
  private static final String TREE =
      "[{\"type\": \"file\", \"path\": \"config.json\", \"size\": 21, \"oid\": \"%s\"}]";

  @TempDir private Path home;

  private static String damaged(String sound, int seed) {
    byte[] bytes = sound.getBytes(StandardCharsets.UTF_8);
    return new String(Mutants.of(bytes, bytes.length, seed), StandardCharsets.UTF_8);
  }

  @Test
  @Timeout(120)
  void damagedReplies_endInAFileOrOneLine() throws IOException {
    Set<String> faults = new TreeSet<>();
    int refused = 0;
    try (HubServer server = PullBench.checkpoint(HubServer.start(), PullBench.bytes(100, 1))) {
      String revision = REVISION.formatted(HubServer.COMMIT);
      String tree = TREE.formatted(HubServer.COMMIT);
      for (int seed = 0; seed < Mutants.COUNT; seed++) {
        boolean first = seed % 2 == 0;
        server.apiFaults(
            Faults.json(first ? damaged(revision, seed) : revision),
            Faults.json(first ? tree : damaged(tree, seed)));
        try {
          new PullBench(server, home.resolve("seed" + seed)).pull();
        } catch (HubException e) {
          refused++;
          if (!Mutants.isOneLine("", e.getMessage())) {
            faults.add(seed + " is refused with: " + e.getMessage());
          }
        } catch (RuntimeException e) {
          faults.add(seed + ": " + e);
        }
        server.apiFaults();
      }
    }
    assertEquals("", String.join("\n", faults));
    assertTrue(refused > Mutants.COUNT / 10, refused + " refused");
  }
}
