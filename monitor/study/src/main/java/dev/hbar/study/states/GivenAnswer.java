package dev.hbar.study.states;

import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.study.dataset.Sample;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A given answer as token ids: prompt, answer and what follows it.
 *
 * @param ids all of them
 * @param first index of the answer's first token, at least 1: its log-probability needs a token
 *     before it
 * @param end index after the answer's last token
 * @param bare the answer on the last line before it alone, without context
 * @param bareFirst index of the answer's first token in {@code bare}, at least 1
 * @param tokenLabels a 1 for each token of the answer that is in a marked part of it, a 0 for each
 *     other one; empty if nothing was marked
 */
record GivenAnswer(
    Sample sample, int[] ids, int first, int end, int[] bare, int bareFirst, String tokenLabels) {
  /**
   * The tokens of a sample. A token that holds the end of the prompt and the start of the answer
   * counts as the answer's. Nothing beyond the answer changes its tokens: so it is when it is
   * generated.
   *
   * @throws IllegalArgumentException if the answer cannot be told apart or has no token of its own
   */
  static GivenAnswer of(Tokenizer tokenizer, Sample sample) {
    int at = sample.answerAt();
    if (sample.answer().isBlank()) {
      throw new IllegalArgumentException("the answer is blank; give it a word");
    }
    if (at < 0) {
      throw new IllegalArgumentException("the prompt has no answer that could be told apart");
    }
    String before = sample.prompt().substring(0, at);
    String line = before.substring(before.lastIndexOf('\n') + 1);
    int[] upTo = tokenizer.encode(before + sample.answer());
    int[] bare = tokenizer.encode((line.isBlank() ? before : line) + sample.answer());
    int first = shared(tokenizer.encode(before), upTo);
    int bareFirst = shared(tokenizer.encode(line.isBlank() ? before : line), bare);
    requireBoth(first, upTo);
    requireBoth(bareFirst, bare);
    return new GivenAnswer(
        sample,
        whole(tokenizer, sample, upTo),
        first,
        upTo.length,
        bare,
        bareFirst,
        sample.spans().map(spans -> labels(tokenizer, sample, upTo, first)).orElse(""));
  }

  /** A tokenizer that begins texts with no token of its own may join all that comes first. */
  private static void requireBoth(int first, int[] ids) {
    if (first < 1) {
      throw new IllegalArgumentException(
          "no token stands before the answer's first one, which nothing predicts then; make the"
              + " prompt's last line longer");
    }
    if (first >= ids.length) {
      throw new IllegalArgumentException("the answer adds no token to the prompt; make it longer");
    }
  }

  /** Labels of the tokens, by their bytes counted from the answer's end. */
  private static String labels(Tokenizer tokenizer, Sample sample, int[] upTo, int first) {
    StringBuilder labels = new StringBuilder();
    ByteArrayOutputStream spelled = new ByteArrayOutputStream();
    int end = bytes(sample.answer()).length;
    for (int i = upTo.length - 1; i >= first; i--) {
      int start = end - tokenizer.bytes(upTo[i]).length;
      labels.append(marked(sample, start, end) ? '1' : '0');
      end = start;
    }
    for (int i = first; i < upTo.length; i++) {
      spelled.writeBytes(tokenizer.bytes(upTo[i]));
    }
    if (!spelled.toString(StandardCharsets.UTF_8).endsWith(sample.answer())) {
      throw new IllegalArgumentException(
          "its tokens do not spell the answer letter by letter, so they cannot have its spans; leave"
              + " them out");
    }
    return labels.reverse().toString();
  }

  /** Whether bytes [start, end) of the answer touch a marked part. */
  private static boolean marked(Sample sample, int start, int end) {
    String answer = sample.answer();
    return sample.spans().orElse(List.of()).stream()
        .anyMatch(
            span ->
                end > bytes(answer.substring(0, answer.offsetByCodePoints(0, span.start()))).length
                    && start
                        < bytes(answer.substring(0, answer.offsetByCodePoints(0, span.end())))
                            .length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int[] whole(Tokenizer tokenizer, Sample sample, int[] upTo) {
    int[] canonical = tokenizer.encode(sample.prompt());
    if (shared(upTo, canonical) == upTo.length) {
      return canonical;
    }
    String after = sample.prompt().substring(sample.answerAt() + sample.answer().length());
    int[] rest = tokenizer.encode(after, false);
    int[] ids = Arrays.copyOf(upTo, upTo.length + rest.length);
    System.arraycopy(rest, 0, ids, upTo.length, rest.length);
    return ids;
  }

  /** Number of leading ids that two sequences share. */
  static int shared(int[] one, int[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }

  /** Number of the answer's tokens. */
  int tokens() {
    return end - first;
  }

  /** The tokens before the answer. */
  int[] beforeAnswer() {
    return Arrays.copyOf(ids, first);
  }

  /** The answer's tokens. */
  int[] answerIds() {
    return Arrays.copyOfRange(ids, first, end);
  }
}
