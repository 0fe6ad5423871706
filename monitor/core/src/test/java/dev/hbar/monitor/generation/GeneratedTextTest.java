package dev.hbar.monitor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.signal.TokenSignals;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a text is made of, token by token, to the bytes at its end. */
class GeneratedTextTest {
  private static final String REPLACED = "\uFFFD";

  private Tokenizer tokenizer;

  @BeforeEach
  void open() {
    tokenizer =
        Tokenizer.open(
            Path.of(
                System.getProperty("hbar.root"),
                "adapters/src/test/resources/tokenizer/byte_level"));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private GeneratedRow.GeneratedText text(String... stops) {
    return new GeneratedRow.GeneratedText(
        tokenizer, GenerationSettings.builder().stop(stops).build());
  }

  private static TokenSignals signals(int id) {
    return new TokenSignals(id, 1, 1, 1, 1, 0, 1);
  }

  /** Appends the tokens; what each of them added. */
  private static List<String> append(GeneratedRow.GeneratedText text, int... ids) {
    return Arrays.stream(ids)
        .mapToObj(id -> text.append(signals(id), 0.25, List.of(), true).text())
        .toList();
  }

  /** The bytes of 日, each a token of its own. */
  private int[] bytesOfACharacter() {
    return new int[] {165, 248, 101};
  }

  @Test
  void textThatEndsInTheMiddleOfACharacter_endsWithAReplacement() {
    int[] bytes = bytesOfACharacter();
    assertEquals("日", tokenizer.decode(bytes));
    for (int kept = 1; kept < 3; kept++) {
      GeneratedRow.GeneratedText text = text();
      assertEquals(List.of("!"), append(text, 3));
      int[] first = Arrays.copyOf(bytes, kept);
      assertEquals("", String.join("", append(text, first)));
      assertEquals("!" + REPLACED, text.ended(StopReason.LENGTH).text(), kept + " bytes");
      assertEquals(1 + kept, text.size());
    }
  }

  @Test
  void haltedText_endsWithWhatIsCertainOfIt() {
    GeneratedRow.GeneratedText text = text();
    append(text, 3, 165, 248);
    GenerationResult halted = text.halted(signals(4), 0.5, List.of());
    assertEquals("!" + REPLACED, halted.text());
    assertEquals("\"", halted.dropped().orElseThrow().text());
    assertEquals(StopReason.HALTED, halted.stop());
  }

  @Test
  void wholeCharacter_comesWithItsLastByte() {
    GeneratedRow.GeneratedText text = text();
    assertEquals(List.of("", "", "日", "!"), append(text, 165, 248, 101, 3));
    assertEquals("日!", text.ended(StopReason.EOS).text());
  }

  @Test
  void stopInTheLastBytes_isFoundAtTheEnd() {
    GeneratedRow.GeneratedText text = text(REPLACED);
    append(text, 3, 165);
    GenerationResult ended = text.ended(StopReason.LENGTH);
    assertEquals("!", ended.text());
    assertEquals(Optional.of(REPLACED), ended.stopString());
  }

  @Test
  void stopStringOverSeveralTokens_cutsTheTextAndNoMoreFollows() {
    GeneratedRow.GeneratedText text = text("#$%");
    assertEquals(List.of("!", "", ""), append(text, 3, 5, 6));
    assertFalse(text.isStopped());
    assertEquals(List.of(""), append(text, 7));
    assertTrue(text.isStopped());
    assertEquals("!", text.ended(StopReason.STOP).text());
    GeneratedRow.GeneratedText begun = text("#$%");
    append(begun, 3, 5, 6);
    assertEquals("!#$", begun.ended(StopReason.LENGTH).text(), "what was held back");
  }

  @Test
  void hiddenToken_isCountedAndNotSaid() {
    GeneratedRow.GeneratedText text = text();
    append(text, 3);
    assertEquals("", text.append(signals(4), 0, List.of(), false).text());
    assertEquals("!", text.ended(StopReason.EOS).text());
    assertEquals(2, text.size());
  }
}
