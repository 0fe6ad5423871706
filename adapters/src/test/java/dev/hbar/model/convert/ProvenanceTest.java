package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.Mutants;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
  private static final Provenance SOURCE =
      new Provenance("model.gguf", "0a".repeat(32), 12, Map.of("bits", 4));

  @TempDir private Path folder;

  private Path recorded() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("model.safetensors"), "0123456789");
    Map<String, Object> fields = SOURCE.fields(folder, List.of("config.json", "model.safetensors"));
    return Files.writeString(
        folder.resolve(Provenance.FILE_NAME), Json.MAPPER.writeValueAsString(fields));
  }

  @Test
  void folderOfThisConversion_isRecognized() throws IOException {
    recorded();
    assertTrue(SOURCE.isIn(folder));
  }

  @Test
  void damagedRecord_isThisConversionOrAnother() throws IOException {
    Path file = recorded();
    byte[] sound = Files.readAllBytes(file);
    Set<String> faults = new TreeSet<>();
    int refused = 0;
    for (int seed = 0; seed < Mutants.COUNT; seed++) {
      Files.write(file, Mutants.of(sound, sound.length, seed));
      try {
        SOURCE.isIn(folder);
      } catch (CheckpointException e) {
        refused++;
        if (!Mutants.isOneLine(folder.toString(), e.getMessage())) {
          faults.add(seed + " is refused with: " + e.getMessage());
        }
      } catch (IOException | RuntimeException e) {
        faults.add(seed + ": " + e);
      }
    }
    assertEquals("", String.join("\n", faults));
    assertTrue(refused > Mutants.COUNT / 10 && refused < Mutants.COUNT, refused + " refused");
  }
}
