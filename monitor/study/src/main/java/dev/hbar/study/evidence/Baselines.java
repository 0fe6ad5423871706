package dev.hbar.study.evidence;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a signal has to beat, beside chance: surprise alone, and lengths, which know no model. The
 * length of the judged answer is answer_tokens; where a score file does not have it, prompt_tokens,
 * which differs between the two answers of a record by just the answers' lengths.
 */
final class Baselines {
  private static final List<String> LENGTHS = List.of("answer_tokens", "prompt_tokens");
  private static final String NEW_TOKENS = "new_tokens";

  private Baselines() {}

  /** Names of the baselines among these signals. */
  static List<String> among(Set<String> names) {
    return Stream.of("surprise", "answer_tokens", "prompt_tokens", NEW_TOKENS)
        .filter(names::contains)
        .toList();
  }

  /** The signal that stands for the answer's length. */
  static Optional<String> answerLength(Set<String> names) {
    return LENGTHS.stream().filter(names::contains).findFirst();
  }

  /** Whether a baseline is a length; lengths may speak either way, and are read the better one. */
  static boolean isLength(String name) {
    return LENGTHS.contains(name) || name.equals(NEW_TOKENS);
  }
}
