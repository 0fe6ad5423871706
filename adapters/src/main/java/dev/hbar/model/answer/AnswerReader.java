package dev.hbar.model.answer;

import java.util.List;

/** Takes the text of an answer apart while it comes. One answer, one thread. */
public sealed interface AnswerReader permits HarmonyReader, MarkedReader {
  /**
   * The next piece of text.
   *
   * @param special whether it is a special token's, which no answer shows
   * @return what is certain now; what may yet be the beginning of a mark is held back
   */
  List<AnswerPart> add(String text, boolean special);

  /** The rest, at the end of the answer. A call that was not completed is text. */
  List<AnswerPart> finish();
}
