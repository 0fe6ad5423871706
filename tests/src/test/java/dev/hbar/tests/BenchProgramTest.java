package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hbar bench} as a process, on a tiny checkpoint. What it times is nobody's to assert. */
class BenchProgramTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"off", "final", "full"})
  void json_hasTheNamesOfMlxLmsBenchmark(String level) throws Exception {
    ProgramRun run =
        bench("--prompt-tokens", "7", "--new-tokens", "4", "--trials", "2", "--monitor", level);
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertEquals(level, json.get("monitor").textValue());
    assertEquals(7, json.get("prompt_tokens").intValue());
    assertEquals(4, json.get("generation_tokens").intValue());
    assertEquals(2, json.get("trials").size());
    double rates = 0;
    for (JsonNode trial : json.get("trials")) {
      // Both rates are of the time that is told: 7 tokens and 3 more.
      double seconds =
          7 / trial.get("prompt_tps").doubleValue() + 3 / trial.get("generation_tps").doubleValue();
      assertEquals(trial.get("total_time").doubleValue(), seconds, 1e-9);
      rates += trial.get("generation_tps").doubleValue() / 2;
    }
    assertEquals(rates, json.get("generation_tps").doubleValue(), 1e-9 * rates);
    assertTrue(json.get("peak_memory").doubleValue() > 0);
    assertTrue(json.get("host_ms").doubleValue() > 0);
    assertEquals(!level.equals("off"), json.has("signals"));
    if (json.has("signals")) {
      double ratio = json.get("signals").get("time_ratio").doubleValue();
      assertTrue(json.get("signals").get("low").doubleValue() <= ratio);
      assertTrue(json.get("signals").get("high").doubleValue() >= ratio && ratio > 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--trials, 0, --trials must be at least 1: 0",
    "--new-tokens, 1, --new-tokens must be at least 2: 1",
    "--prompt-tokens, 0, --prompt-tokens must be at least 1: 0"
  })
  void numberThatMeasuresNothing_isWrongUsage(String option, String value, String message)
      throws Exception {
    ProgramRun run = bench(option, value);
    assertEquals(2, run.code());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void textBeyondTheContext_isRefusedInOneLine() throws Exception {
    ProgramRun run = bench("--prompt-tokens", "100000000");
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().filter(line -> line.startsWith("hbar: ")).count());
  }

  @Test
  void detectorWithoutSignals_isWrongUsage() throws Exception {
    ProgramRun run = bench("--monitor", "off", "--detector", "detector");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("give --monitor final or full"), run.err());
  }

  private ProgramRun bench(String... options) throws Exception {
    Path checkpoint = Fixture.named("plain_float32").withTokenizer(folder);
    String[] arguments = new String[options.length + 3];
    arguments[0] = "bench";
    arguments[1] = checkpoint.toString();
    arguments[2] = "--json";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return ProgramRun.of(folder, "", arguments);
  }
}
