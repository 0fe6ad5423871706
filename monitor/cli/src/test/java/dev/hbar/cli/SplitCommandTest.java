package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    write("qa_data.json", "\"knowledge\":\"k\",\"question\":\"q%d\"", "answer");
    write("dialogue_data.json", "\"dialogue_history\":\"d%d\"", "response");
    write("summarization_data.json", "\"document\":\"t%d\"", "summary");
  }

  @Test
  void defaultProtocol_printsPairsInOrder() {
    CommandRun run = split("--set", "train", "--n", "6");
    assertEquals(0, run.code(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(6, lines.size());
    assertTrue(lines.get(0).matches("qa_\\d_cor\t0"), run.out());
    assertEquals(lines.get(0).replace("cor\t0", "hal\t1"), lines.get(1));
    assertTrue(lines.get(4).startsWith("summarization_"), run.out());
  }

  @Test
  void json_hasTheSameSamples() throws IOException {
    String first = split("--set", "test", "--n", "2").out().lines().findFirst().orElseThrow();
    String json = split("--set", "test", "--n", "2", "--json").out();
    assertEquals(
        first.split("\t")[0], new ObjectMapper().readTree(json).get(0).get("id").textValue());
  }

  @Test
  void wrongUse_isOneLine() {
    assertUsage("--set is missing", "--n", "2");
    assertUsage("--n is missing", "--set", "train");
    assertUsage("neither train nor test", "--set", "dev", "--n", "2");
    assertUsage(
        "neither study-2026-01 nor pairs-v1", "--set", "test", "--n", "2", "--protocol", "p");
  }

  @Test
  void impossibleN_saysWhatIsPossible() {
    CommandRun run = split("--set", "train", "--n", "32");
    assertEquals(1, run.code());
    assertEquals(
        "hbar: --n must be even (both answers of a record) and 2 to 30, not 32", run.err().strip());
  }

  @Test
  void scoreWithTaskAndProtocol_isWrongUsage() {
    CommandRun run =
        CommandRun.of(
            "score", "x", "--data", folder + "", "--task", "qa", "--n", "2", "--out", "o.jsonl");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("either --task, or --set and --n"), run.err());
  }

  private void assertUsage(String words, String... options) {
    CommandRun run = split(options);
    assertEquals(2, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }

  private CommandRun split(String... options) {
    List<String> args = new ArrayList<>(List.of("split", "--data", folder.toString()));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private void write(String name, String context, String judged) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      lines.append(
          "{%s,\"right_%s\":\"a\",\"hallucinated_%s\":\"b\"}%n"
              .formatted(context.formatted(i), judged, judged));
    }
    Files.writeString(folder.resolve(name), lines);
  }
}
