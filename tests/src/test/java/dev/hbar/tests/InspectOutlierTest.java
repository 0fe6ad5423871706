package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar inspect --weights} points at the tensors that are unlike those of other blocks. */
@NativeTest
class InspectOutlierTest {
  private static final String WIDE = "model.layers.2.mlp.down_proj.weight";
  private static final String SPIKE = "model.layers.1.self_attn.k_proj.weight";

  @TempDir Path folder;

  private static void scale(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= 8;
    }
  }

  private Path checkpoint() throws Exception {
    return new SeededCheckpoint()
        .edit(WIDE, InspectOutlierTest::scale)
        .edit(SPIKE, values -> values[17] = -9)
        .write(folder.resolve("odd"));
  }

  @Test
  void wideAndSpikedTensors_areNamedAndNoOther() throws Exception {
    ProgramRun run =
        ProgramRun.of(folder, "", "inspect", checkpoint().toString(), "--weights", "--json");
    assertEquals(0, run.code(), run.err());
    List<String> outliers = new ArrayList<>();
    for (JsonNode tensor : new ObjectMapper().readTree(run.out()).get("tensors")) {
      if (tensor.has("outlier")) {
        JsonNode outlier = tensor.get("outlier");
        outliers.add(tensor.get("name").asText() + " " + outlier.get("statistic").asText());
        assertTrue(outlier.get("ratio").asDouble() > 4, outlier.toString());
      }
    }
    assertEquals(List.of(SPIKE + " max |w|", WIDE + " sd"), outliers.stream().sorted().toList());
  }

  @Test
  void outlier_standsInTheTable() throws Exception {
    ProgramRun run = ProgramRun.of(folder, "", "inspect", checkpoint().toString(), "--weights");
    String line = run.out().lines().filter(row -> row.startsWith(WIDE)).findFirst().orElseThrow();
    assertTrue(line.matches(".* sd x [78]\\.\\d+"), line);
  }
}
