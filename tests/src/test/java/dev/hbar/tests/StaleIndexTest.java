package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import dev.hbar.model.layer.MaskChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that opens a model tells of an index that is of another set of files. */
@NativeTest
class StaleIndexTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void makeCheckpoint() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    new RandomCheckpoint("llama", "{'max_position_embeddings': 4096}").load(model, MaskChoice.AUTO);
    RandomCheckpoint.writeTokenizer(model);
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"model.norm.weight\": \"model-00001-of-00002.safetensors\"}}");
    Files.writeString(
        folder.resolve("qa.jsonl"),
        """
        {"knowledge":"a b","question":"c","right_answer":"d e","hallucinated_answer":"f"}
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate model --prompt a --max-tokens 2",
        "score model --data qa.jsonl --task qa --max-tokens 2 --out scores.jsonl",
        "score model --data qa.jsonl --task qa --answers given --out given.jsonl",
        "states model --data qa.jsonl --task qa --out states",
        "score-text model --prompt a --answer b",
        "trace model --prompt-ids 3,4 --steps 1 --out trace",
        "bench model --prompt-tokens 8 --new-tokens 2 --trials 1"
      })
  void indexOfOtherFiles_isSaidOnce(String line) throws Exception {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    ProgramRun run = ProgramRun.of(folder, "", words.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    long notes =
        run.err()
            .lines()
            .filter(text -> text.startsWith("note: model.safetensors.index.json is of another set"))
            .count();
    assertTrue(notes == 1, run.err());
  }
}
