package dev.hbar.study.states;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatesRowTest {
  @Test
  void answer_isCountedWithoutTheBlanksAroundIt() {
    StatesRow.AnswerText text =
        StatesRow.AnswerText.of(
            "Paris lies on the river Seine. Answer: ", " On the RIVER, in Lyon. ");
    assertEquals(22, text.chars());
    assertEquals(5, text.words());
    assertEquals(".", text.last());
    assertEquals(3 / 5.0, text.overlap(), 1e-12, "on, the and river stand before it");
  }

  @Test
  void characterBeyondTheBasicPlane_isOneCharacter() {
    StatesRow.AnswerText text = StatesRow.AnswerText.of("", "ok 😀");
    assertEquals(4, text.chars());
    assertEquals("😀", text.last());
    assertEquals(0, text.overlap());
  }

  @Test
  void answerWithoutWords_overlapsNothing() {
    StatesRow.AnswerText text = StatesRow.AnswerText.of("a b", "...");
    assertEquals(0, text.words());
    assertEquals(0, text.overlap());
  }
}
