package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mutants;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fine_tune_type\": \"lora\", \"num_layers\": 2, \"lora_parameters\": {\"rank\": 2, \"scale\": 1.5, \"dropout\": 0.0}}",
        "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 3, \"rank_pattern\": {\"q\": 2}, \"target_modules\": [\"q_proj\"], \"bias\": \"none\"}"
      })
  void damagedAdapters_areReadOrRefused(String config) throws IOException {
    boolean peft = config.contains("peft_type");
    String base = (peft ? "base_model.model." : "") + "model.layers.0.self_attn.q_proj.";
    Path tensors = folder.resolve(peft ? "adapter_model.safetensors" : "adapters.safetensors");
    SafetensorsWriter.write(
        tensors,
        Map.of("format", "mlx"),
        List.of(
            zeros(base + (peft ? "lora_A.weight" : "lora_a"), peft ? 2 : 8, peft ? 8 : 2),
            zeros(base + (peft ? "lora_B.weight" : "lora_b"), peft ? 8 : 2, peft ? 2 : 8)));
    Path json = Files.writeString(folder.resolve("adapter_config.json"), config);
    for (Path file : List.of(json, tensors)) {
      Mutants.refused(file, 500, damaged -> AdapterReader.read(CheckpointDirectory.of(folder)));
    }
  }

  private static TensorToWrite zeros(String name, int rows, int columns) {
    return new TensorToWrite(
        name,
        DType.FLOAT32,
        List.of(rows, columns),
        channel -> channel.write(ByteBuffer.allocate(4 * rows * columns)));
  }
}
