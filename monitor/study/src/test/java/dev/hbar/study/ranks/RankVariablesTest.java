package dev.hbar.study.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a launcher says in the environment. */
class RankVariablesTest extends LocalRanks {
  @ParameterizedTest
  @CsvSource({
    "HBAR_RANK, 2, 'HBAR_RANK must be below the number of ranks, 2, not 2'",
    "HBAR_RANK, one, HBAR_RANK must be a number",
    "HBAR_RANKS, 0, HBAR_RANKS must be from 1 to 1024",
    "HBAR_RANKS, 1025, HBAR_RANKS must be from 1 to 1024",
    "HBAR_RANK_ADDRESS, host, HBAR_RANK_ADDRESS must be host:port of rank 0",
    "HBAR_RANK_ADDRESS, host:65536, HBAR_RANK_ADDRESS must be host:port of rank 0",
    "HBAR_RANK_ADDRESS, '', HBAR_RANK_ADDRESS is not set",
    "HBAR_RANK_SECRET_FILE, /none, HBAR_RANK_SECRET_FILE names a file that cannot be read"
  })
  void wrongVariable_isNamed(String name, String value, String problem) throws IOException {
    Map<String, String> variables = variables(1, 2, SECRET);
    variables.put(name, value);
    StudyException refused = assertThrows(StudyException.class, () -> Ranks.of(variables));
    assertTrue(refused.getMessage().startsWith(problem), refused.getMessage());
  }

  @Test
  void shortSecret_isRefusedAndOneOfSixteenBytesIsNot() throws IOException {
    assertEquals(1, ranks(1, 2, "x".repeat(16)).rank());
    StudyException refused = assertThrows(StudyException.class, () -> ranks(1, 2, "x".repeat(15)));
    assertTrue(refused.getMessage().contains("fewer than 16 bytes"), refused.getMessage());
  }

  @Test
  void variablesOfMlxsLauncher_areUnderstood() throws IOException {
    Path hosts = folder.resolve("hosts.json");
    Files.writeString(hosts, "[[\"mac1.local:32323\"],[\"mac2.local:32323\"]]");
    Map<String, String> variables = variables(0, 1, SECRET);
    variables.keySet().removeIf(name -> !name.equals("HBAR_RANK_SECRET_FILE"));
    variables.putAll(Map.of("MLX_RANK", "1", "MLX_HOSTFILE", hosts.toString()));
    Ranks ranks = Ranks.of(variables).orElseThrow();
    assertEquals(
        "1 of 2 at mac1.local:33323",
        ranks.rank() + " of " + ranks.size() + " at " + ranks.address());
  }
}
