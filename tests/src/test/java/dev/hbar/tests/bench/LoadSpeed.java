package dev.hbar.tests.bench;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How fast our validated loader reads a safetensors file from the page cache; the counterpart of
 * scripts/bench/load_speed.py. Prints one JSON line.
 */
public final class LoadSpeed {
  private static final int WARM_UP = 3;
  private static final int TRIALS = 7;

  private LoadSpeed() {}

  /** The file is the only argument. */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    MlxThread.run(
        () -> {
          double[] seconds = new double[TRIALS];
          for (int i = -WARM_UP; i < TRIALS; i++) {
            double once = loadOnce(file);
            if (i >= 0) {
              seconds[i] = once;
            }
          }
          Arrays.sort(seconds);
          long bytes = SafetensorsHeaderReader.read(file).fileSize();
          System.out.printf(
              "{\"bytes\": %d, \"gb_per_s\": %.3f, \"best_gb_per_s\": %.3f, \"trials\": %d}%n",
              bytes, bytes / seconds[TRIALS / 2] / 1e9, bytes / seconds[0] / 1e9, TRIALS);
        });
  }

  /** Seconds for the header and all tensors; the memory of an earlier load is given back first. */
  private static double loadOnce(Path file) {
    MlxMemory.clearCache();
    long start = System.nanoTime();
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    try (MlxScope scope = MlxScope.open("load")) {
      SafetensorsLoader.load(scope, header);
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
