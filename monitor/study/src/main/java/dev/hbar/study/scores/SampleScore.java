package dev.hbar.study.scores;

import dev.hbar.monitor.signal.NonFiniteException;
import dev.hbar.monitor.signal.SignalScores;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.dataset.Sample;
import java.util.List;
import java.util.OptionalInt;

/** The outcome of one sample. A sample that failed has an error text and no numbers at all. */
public sealed interface SampleScore {
  /** The sample's id. */
  String id();

  /** 0 for a right answer, 1 for a hallucinated one. */
  int label();

  /**
   * A sample with scores.
   *
   * @param promptTokens length of the prompt in tokens
   * @param answerTokens length of the judged answer alone; empty in files written before it was
   *     counted, and where the answer cannot be told apart
   * @param newTokens tokens generated, the EOS token included, at least 1
   * @param stop why it ended: {@code eos} or {@code length}
   * @param scores the aggregated signals
   * @param tokens one entry per generated token, or empty if they were not asked for
   */
  record Scored(
      String id,
      int label,
      int promptTokens,
      OptionalInt answerTokens,
      int newTokens,
      String stop,
      SignalScores scores,
      List<TokenSignals> tokens)
      implements SampleScore {

    /** Copies the list; refuses token rows that do not match the count. */
    public Scored {
      tokens = List.copyOf(tokens);
      if (!tokens.isEmpty() && tokens.size() != newTokens) {
        throw new IllegalArgumentException(
            "%s token rows for %s new tokens".formatted(tokens.size(), newTokens));
      }
    }
  }

  /**
   * A sample without scores.
   *
   * @param error what went wrong, one line
   */
  record Failed(String id, int label, String error) implements SampleScore {
    /** Joins the lines of the text, so that one line of a report stays one line. */
    public Failed {
      error = String.join(" ", error.lines().map(String::strip).toList());
    }
  }

  /**
   * The score of a sample from its tokens; a NaN or an infinity makes it a failed one.
   *
   * @param promptTokens length of the prompt in tokens
   * @param answerTokens length of the judged answer, if it can be told apart
   * @param stop {@code eos} or {@code length}
   * @param tokens the signals of every generated token, at least one
   * @param keepTokens whether the token rows stay in the score
   */
  static SampleScore of(
      Sample sample,
      int promptTokens,
      OptionalInt answerTokens,
      String stop,
      List<TokenSignals> tokens,
      boolean keepTokens) {
    try {
      for (int step = 0; step < tokens.size(); step++) {
        tokens.get(step).requireFinite(step);
      }
    } catch (NonFiniteException e) {
      return failed(sample, e);
    }
    return new Scored(
        sample.id(),
        sample.label(),
        promptTokens,
        answerTokens,
        tokens.size(),
        stop,
        SignalScores.of(tokens),
        keepTokens ? tokens : List.of());
  }

  /** The failed score of a sample. */
  static Failed failed(Sample sample, RuntimeException cause) {
    String text = cause.getMessage();
    String error = text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
    return new Failed(sample.id(), sample.label(), error);
  }
}
