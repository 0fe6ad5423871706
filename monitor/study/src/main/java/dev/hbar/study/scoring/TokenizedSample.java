package dev.hbar.study.scoring;

import dev.hbar.study.dataset.Sample;

/**
 * A sample as token ids.
 *
 * @param ids the whole prompt, at least one token
 */
record TokenizedSample(Sample sample, int[] ids) {
  /** Number of leading ids that both prompts share, short of either's last token. */
  int sharedPrefix(TokenizedSample other) {
    int limit = Math.min(ids.length, other.ids.length) - 1;
    int shared = 0;
    while (shared < limit && ids[shared] == other.ids[shared]) {
      shared++;
    }
    return shared;
  }
}
