package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationException.BadPrompt;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.OpenOptions;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Calls that make no sense, and arguments at their borders. */
@ExtendWith(LeavesNoArrays.class)
class MisuseTest {
  private static final GenerationSettings EIGHT = GenerationSettings.builder().maxTokens(8).build();

  @TempDir Path folder;

  @Test
  void noNameAndOddTypes_areRefusedAtTheDoor() {
    assertTrue(
        assertThrows(CheckpointException.class, () -> GenerationModel.open(""))
            .getMessage()
            .startsWith("not a model directory: \"\" (no name)"));
    for (DType odd : List.of(DType.INT32, DType.BOOL, DType.FLOAT64, DType.COMPLEX64)) {
      assertThrows(IllegalArgumentException.class, () -> OpenOptions.DEFAULT.withDtype(odd));
    }
    assertEquals(
        Optional.of(DType.BFLOAT16), OpenOptions.DEFAULT.withDtype(DType.BFLOAT16).dtype());
  }

  @Test
  void idsAndBlocksThatTheModelDoesNotHave_areNamedWithThoseItHas() throws IOException {
    try (GenerationModel model = open()) {
      int vocabulary = model.config().vocabSize();
      int layers = model.config().layers();
      for (int id : new int[] {-1, vocabulary, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        String told = "token id " + id + " is outside the vocabulary of ";
        int[] ids = {5, id};
        assertTold(told, () -> model.generate(ids, EIGHT, TokenListener.NONE));
        assertTold(told, () -> model.score(ids, 1, 0));
      }
      assertEquals(2, model.score(new int[] {5, vocabulary - 1, 0}, 1, 0).size());
      for (int block : new int[] {-1, layers}) {
        assertTold(
            "no state block." + block + ".output: the blocks of ",
            () -> model.hiddenStates("ABC", List.of(new CapturePoint.BlockOutput(block))));
      }
      Map<String, float[][]> last =
          model.hiddenStates("ABC", List.of(new CapturePoint.BlockOutput(layers - 1)));
      assertEquals(model.tokenize("ABC").length, last.values().iterator().next().length);
    }
  }

  private static void assertTold(String words, Executable call) {
    String message = assertThrows(BadPrompt.class, call).getMessage();
    assertTrue(message.startsWith(words), message);
  }

  /** At position 0 a rope turns nothing, and what a token's state is depends on no later token. */
  @Test
  void statesWithHeads_areARowForEachToken() throws IOException {
    try (GenerationModel model = open()) {
      CapturePoint straight = new CapturePoint.InBlock(1, BlockPart.Q_PROJ);
      CapturePoint turned = new CapturePoint.InBlock(1, BlockPart.Q_ROPE);
      Map<String, float[][]> five = model.hiddenStates("ABCDE", List.of(straight, turned));
      float[][] rows = five.get(turned.label());
      assertEquals(model.tokenize("ABCDE").length, rows.length);
      assertArrayEquals(five.get(straight.label())[0], rows[0], 1e-6f);
      float[][] three = model.hiddenStates("ABC", List.of(turned)).get(turned.label());
      for (int i = 0; i < three.length; i++) {
        assertArrayEquals(three[i], rows[i], 1e-5f);
      }
    }
  }

  @Test
  void timeLimitOfAges_isNone() throws IOException {
    try (GenerationModel model = open()) {
      Duration ages = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
      GenerationSettings patient = EIGHT.toBuilder().timeout(ages).build();
      GenerationResult text = model.generate("ABC", patient, TokenListener.NONE);
      assertEquals(ids(model.generate("ABC", EIGHT, TokenListener.NONE)), ids(text));
    }
  }

  @Test
  void textClosedBeforeItsEnd_keepsWhatThereWas() throws IOException {
    try (GenerationModel model = open();
        GenerationBatch batch = new GenerationBatch(model, 2)) {
      int[] prompt = model.tokenize("ABC");
      List<Integer> whole = ids(model.generate(prompt, EIGHT, TokenListener.NONE));
      for (Generation text : List.of(model.start(prompt, EIGHT), batch.start(prompt, EIGHT))) {
        assertThrows(IllegalStateException.class, text::result);
        assertFalse(text.next().isEmpty());
        assertFalse(text.next().isEmpty());
        text.close();
        text.close();
        List<Integer> kept = ids(text.result());
        assertTrue(kept.size() >= 2, kept::toString);
        assertEquals(whole.subList(0, kept.size()), kept);
        assertTrue(kept.size() == 8 || text.result().stop() == StopReason.CANCELLED);
        assertEquals(Optional.empty(), text.next());
      }
    }
  }

  private GenerationModel open() throws IOException {
    return GenerationModel.open(
        Fixture.named("plain_float32").withTokenizer(folder).toString(), OpenOptions.DEFAULT);
  }

  private static List<Integer> ids(GenerationResult result) {
    return result.tokens().stream().map(GeneratedToken::id).toList();
  }
}
