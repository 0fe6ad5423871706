package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two ranks cannot do together is said once, by rank 0. */
@NativeTest
class ParallelRefusalTest {
  @TempDir private Path folder;

  @Test
  void familyThatCannotBeSpread_isRefusedByName() throws Exception {
    Path model = Fixture.named("nemotron_h_moe").folder();
    requireRefused(model, "--prompt a", "--prompt a", "nemotron_h cannot be spread over ranks yet");
  }

  @Test
  void headsThatTwoCannotShare_areRefusedByField() throws Exception {
    requireRefused(
        RealCheckpoint.folder(),
        "--prompt a",
        "--prompt a",
        "(num_attention_heads): start a number of ranks that divides it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prompt river --max-tokens 3", "--prompt title --max-tokens 4"})
  void otherPromptOrOptions_areRefused(String options) throws Exception {
    Path model = folder.resolve("model");
    CommandFolder.model(model);
    String words = "rank 1 has another config.json of model, another prompt or other options";
    requireRefused(model, "--prompt title --max-tokens 3", options, words);
  }

  private void requireRefused(Path model, String first, String second, String words)
      throws Exception {
    int port = RankProcesses.freePort();
    try (RankProcesses ranks = new RankProcesses(folder)) {
      Process zero = ranks.start(0, 2, port, generate(model, first));
      Process one = ranks.start(1, 2, port, generate(model, second));
      String said = ranks.ended(zero, 1, 0);
      assertTrue(said.startsWith("hbar: ") && said.contains(words), said);
      assertEquals(1, said.lines().count(), said);
      assertEquals("", ranks.ended(one, 1, 1));
    }
  }

  private static String[] generate(Path model, String options) {
    String line = "generate " + model + " --parallel tensor " + options;
    return line.split(" ");
  }
}
