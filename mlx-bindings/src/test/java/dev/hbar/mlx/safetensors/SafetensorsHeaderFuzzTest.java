package dev.hbar.mlx.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.Mutants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged headers are refused or read, never anything else. */
final class SafetensorsHeaderFuzzTest {
  @TempDir private Path folder;

  @Test
  void damagedHeaders_areReadOrRefused() throws IOException {
    byte[] sound =
        SafetensorsHeaderReaderTest.file(
            """
            {"__metadata__":{"format":"mlx"},\
            "model.embed_tokens.weight":{"dtype":"U32","shape":[4,2],"data_offsets":[0,32]},\
            "model.embed_tokens.scales":{"dtype":"F16","shape":[4,1],"data_offsets":[32,40]},\
            "model.norm.weight":{"dtype":"BF16","shape":[4],"data_offsets":[40,48]}}""",
            48);
    Mutants.refused(
        Files.write(folder.resolve("model.safetensors"), sound),
        sound.length,
        damaged -> {
          SafetensorsHeader header = SafetensorsHeaderReader.read(damaged);
          // What is read covers its data exactly.
          assertEquals(
              header.dataSize(),
              header.tensors().values().stream().mapToLong(TensorInfo::byteSize).sum());
        });
  }
}
