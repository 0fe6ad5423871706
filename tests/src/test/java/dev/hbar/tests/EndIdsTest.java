package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A text ends at whichever of the end ids comes first, in both files that name them. */
@ExtendWith(LeavesNoArrays.class)
class EndIdsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final GenerationSettings TEN = GenerationSettings.builder().maxTokens(10).build();

  @TempDir Path folder;

  private int[] prompt;

  private static List<Integer> ids(GenerationResult result) {
    return result.tokens().stream().map(GeneratedToken::id).toList();
  }

  private void ends(String file, List<Integer> ends) throws IOException {
    Path path = folder.resolve(file);
    ObjectNode fields =
        Files.exists(path) ? (ObjectNode) JSON.readTree(path.toFile()) : JSON.createObjectNode();
    ArrayNode ids = fields.putArray("eos_token_id");
    ends.forEach(ids::add);
    JSON.writeValue(path.toFile(), fields);
  }

  /** Ten tokens of a text that nothing ends. */
  private List<Integer> free() throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    fixture.withTokenizer(folder);
    prompt = fixture.prompt();
    ends("config.json", List.of(0));
    try (GenerationModel model = GenerationModel.open(folder.toString())) {
      List<Integer> free = ids(model.generate(prompt, TEN, TokenListener.NONE));
      assertEquals(10, free.size());
      return free;
    }
  }

  private void requireEnd(List<Integer> wanted) {
    try (GenerationModel model = GenerationModel.open(folder.toString());
        GenerationBatch batch = new GenerationBatch(model, 2)) {
      GenerationResult alone = model.generate(prompt, TEN, TokenListener.NONE);
      assertEquals(wanted, ids(alone));
      assertEquals(StopReason.EOS, alone.stop());
      GenerationResult together = batch.start(prompt, TEN).run(TokenListener.NONE);
      assertEquals(wanted, ids(together));
      assertEquals(StopReason.EOS, together.stop());
    }
  }

  @Test
  void secondAndThirdEndId_endTheTextLikeTheFirst() throws IOException {
    List<Integer> free = free();
    int[] unsaid = IntStream.range(3, 60).filter(id -> !free.contains(id)).limit(2).toArray();
    int end = free.get(4);
    List<Integer> wanted = free.subList(0, free.indexOf(end) + 1);
    List<List<Integer>> orders =
        List.of(
            List.of(end, unsaid[0], unsaid[1]),
            List.of(unsaid[0], end, unsaid[1]),
            List.of(unsaid[0], unsaid[1], end));
    for (List<Integer> order : orders) {
      ends("config.json", order);
      requireEnd(wanted);
    }
  }

  @Test
  void endIdsOfBothFiles_count() throws IOException {
    List<Integer> free = free();
    int unsaid = IntStream.range(3, 60).filter(id -> !free.contains(id)).findFirst().orElseThrow();
    int end = free.get(6);
    List<Integer> wanted = free.subList(0, free.indexOf(end) + 1);
    ends("config.json", List.of(unsaid));
    ends("generation_config.json", List.of(unsaid, end));
    requireEnd(wanted);
    ends("config.json", List.of(unsaid, end));
    ends("generation_config.json", List.of(unsaid));
    requireEnd(wanted);
  }
}
