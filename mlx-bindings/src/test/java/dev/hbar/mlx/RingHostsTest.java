package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would hang or kill a process inside MLX's ring is refused with the variable's name. */
class RingHostsTest {
  private static final String TWO = "[[\"127.0.0.1:5000\"], [\"127.0.0.1:5001\"]]";
  @TempDir private Path folder;

  private String refused(String rank, String hosts) throws IOException {
    Path file = folder.resolve("hosts.json");
    Files.writeString(file, hosts);
    return refused(Map.of("MLX_RANK", rank, "MLX_HOSTFILE", file.toString()));
  }

  private static String refused(Map<String, String> environment) {
    String message =
        assertThrows(MlxException.class, () -> RingHosts.check(environment)).getMessage();
    assertTrue(message.startsWith("mlx_distributed_init(ring): "), message);
    assertFalse(message.contains("\n"), message);
    return message;
  }

  @Test
  void wellFormedHosts_pass() throws IOException {
    Path file = folder.resolve("hosts.json");
    Files.writeString(file, TWO);
    RingHosts.check(Map.of("MLX_RANK", "1", "MLX_HOSTFILE", file.toString()));
  }

  @Test
  void missingVariables_areNamed() {
    assertTrue(refused(Map.of()).contains("MLX_RANK and MLX_HOSTFILE are not set"));
    assertTrue(refused(Map.of("MLX_RANK", "0")).contains("MLX_HOSTFILE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "x", "99999999999", "0 "})
  void rankOutsideTheHosts_isRefused(String rank) throws IOException {
    assertTrue(refused(rank, TWO).contains("MLX_RANK"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|fewer than two",
        "[[\"a:1\"]]|fewer than two",
        "[[], []]|same number of addresses",
        "[[\"a:1\"], [\"b:1\", \"b:2\"]]|same number of addresses",
        "[[\"a:1\"], [\"b\"]]|no host:port",
        "[[\"a:1\"], [\"fe80::1%eth0:1\"]]|no host:port",
        "[[\"a:1\"], [\"%n%s:1\"]]|no host:port",
        "[[\"a:1\"], [5000]]|not of the form",
        "[\"a:1\", \"b:1\"]|not of the form",
        "{}|not of the form",
        "[[\"a:1\"], [\"b:1\"]] 7|not of the form",
        "nonsense|cannot be read as JSON"
      })
  void malformedHosts_areRefused(String hosts, String reason) throws IOException {
    String message = refused("0", hosts);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void hostFileThatIsNone_isRefused() throws IOException {
    Path percent = folder.resolve("a%s.json");
    Files.writeString(percent, TWO);
    assertTrue(
        refused(Map.of("MLX_RANK", "0", "MLX_HOSTFILE", percent.toString())).contains("'%'"));
    assertTrue(
        refused(Map.of("MLX_RANK", "0", "MLX_HOSTFILE", folder.toString())).contains("no file"));
  }
}
