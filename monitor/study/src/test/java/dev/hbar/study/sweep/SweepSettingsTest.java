package dev.hbar.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.Mutants;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.statistics.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sweep.json, by which a sweep is gone on with. */
class SweepSettingsTest {
  private static final SweepPlan.Settings SETTINGS =
      new SweepPlan.Settings(
          Map.of("qa", "0a".repeat(32), "dialogue", "0b".repeat(32)),
          "pairs-v1",
          42,
          200,
          500,
          20,
          0.1,
          List.of(9, 19),
          0,
          "transformers",
          0.05,
          new Bootstrap.Settings(1000, 42, 0.95));

  @TempDir private Path folder;

  @Test
  void sameSettings_differInNothing() throws IOException {
    Path file = folder.resolve("sweep.json");
    ResultFile.write(file, SETTINGS);
    assertEquals(Optional.empty(), SETTINGS.differenceFrom(file));
    Files.writeString(
        file, Files.readString(file).replaceAll("\"sum\" ?: ?\"[0-9a-f]{8}\"", "\"sum\" : 0"));
    assertEquals(Optional.empty(), SETTINGS.differenceFrom(file));
  }

  @Test
  void damagedSettings_areComparedOrRefused() throws IOException {
    Path file = folder.resolve("sweep.json");
    ResultFile.write(file, SETTINGS);
    Mutants.refused(file, 2000, damaged -> SETTINGS.differenceFrom(damaged));
  }
}
