package dev.hbar.study.detect;

import dev.hbar.study.states.AnswerText;
import dev.hbar.study.states.StatesRow;
import java.util.List;

/**
 * What an answer looks like, in numbers: logarithm of its characters, its words and tokens, the
 * share of its words that stand before it, and the class of its last character.
 */
final class Surface {
  private static final List<String> ENDINGS = List.of(".", "!", "?", "\"", ")");
  private static final int LENGTHS = 4;

  private Surface() {}

  static float[] features(StatesRow row) {
    AnswerText text = row.text();
    float[] features = new float[LENGTHS + ENDINGS.size() + 2];
    features[0] = (float) Math.log1p(text.chars());
    features[1] = text.words();
    features[2] = row.answerTokens();
    features[3] = (float) text.overlap();
    int ending = ENDINGS.indexOf(text.last());
    if (ending >= 0) {
      features[LENGTHS + ending] = 1;
    } else if (!text.last().isEmpty()) {
      int last = text.last().codePointAt(0);
      features[LENGTHS + ENDINGS.size()] = Character.isLetter(last) ? 1 : 0;
      features[LENGTHS + ENDINGS.size() + 1] = Character.isDigit(last) ? 1 : 0;
    }
    return features;
  }
}
