package dev.hbar.model.convert;

import dev.hbar.mlx.Mutants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged GGUF files are refused or read, never anything else. */
class GgufFuzzTest {

  /** Most of the file is weights, in which any value is sound. */
  private static final int HEAD = 10_000;

  @TempDir private Path folder;

  @Test
  void damagedFiles_areReadOrRefused() throws IOException {
    Path file = Files.write(folder.resolve("model.gguf"), TinyGguf.quantized().build());
    Mutants.refused(file, HEAD, GgufFuzzTest::readAll);
    Mutants.refused(file, 600, GgufFuzzTest::readAll);
  }

  /** Everything that a conversion does before it writes. */
  private static void readAll(Path path) {
    GgufFile file = GgufReader.read(path);
    LlamaKeys keys = LlamaKeys.read(file.metadata());
    TensorPlan plan = TensorPlan.of(file, keys);
    GgufTokenizer.read(file.metadata(), plan.vocabularySize());
    RopeScaling.read(file, keys, new float[0]);
  }
}
