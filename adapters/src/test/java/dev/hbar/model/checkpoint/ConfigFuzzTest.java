package dev.hbar.model.checkpoint;

import dev.hbar.mlx.Mutants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged configs are refused or read, never anything else. */
final class ConfigFuzzTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"llama3_scaled_untied", "phi3_longrope_short", "qwen3_qknorm", "mistral_window"})
  void damagedConfigs_areReadOrRefused(String fixture) throws IOException {
    String text = ConfigFixture.text(fixture);
    Mutants.refused(
        Files.writeString(folder.resolve("config.json"), text),
        text.length(),
        damaged -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES));
  }

  @Test
  void damagedGenerationConfig_isReadOrRefused() throws IOException {
    Path file = folder.resolve("generation_config.json");
    Files.writeString(folder.resolve("config.json"), ConfigFixture.text("llama3_scaled_untied"));
    Files.writeString(
        file, "{\"eos_token_id\": [1, 2], \"bos_token_id\": 1, \"temperature\": 0.5}");
    Mutants.refused(
        file,
        200,
        damaged -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES));
  }
}
