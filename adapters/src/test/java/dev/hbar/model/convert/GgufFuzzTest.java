package dev.hbar.model.convert;

import dev.hbar.mlx.Mutants;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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

  @Test
  void folderThatIsMade_isLoaded() throws IOException {
    Path out = folder.resolve("out");
    Mutants.refused(
        Files.write(folder.resolve("model.gguf"), TinyGguf.quantized().build()),
        3000,
        damaged -> {
          if (Files.exists(out)) {
            try (Stream<Path> files = Files.list(out)) {
              for (Path file : files.toList()) {
                Files.delete(file);
              }
            }
          }
          GgufConverter.convert(damaged, out, progress -> {});
          ModelLoader.of(CheckpointDirectory.of(out));
          try (Tokenizer tokenizer = Tokenizer.open(out)) {
            tokenizer.decode(tokenizer.encode("hello world"));
          }
        });
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
