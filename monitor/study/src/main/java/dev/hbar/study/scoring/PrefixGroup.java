package dev.hbar.study.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Neighbouring samples whose prompts begin alike: the two answers of a record share all but the
 * answer, so what they share is computed once.
 *
 * @param prefix number of leading ids that all members share
 */
record PrefixGroup(List<TokenizedSample> members, int prefix) {
  /** Shorter shared beginnings cost more in extra passes than they save. */
  private static final int WORTH_SHARING = 16;

  PrefixGroup {
    members = List.copyOf(members);
  }

  int[] prefixIds() {
    return Arrays.copyOf(members.getFirst().ids(), prefix);
  }

  /** What each member has beyond the prefix, at least one id. */
  List<int[]> rests() {
    return members.stream()
        .map(member -> Arrays.copyOfRange(member.ids(), prefix, member.ids().length))
        .toList();
  }

  /**
   * Cuts the samples, in order, into groups; a sample that shares nothing is a group of its own.
   *
   * @param mayShare whether the model computes the same for a beginning of both
   */
  static List<PrefixGroup> of(
      List<TokenizedSample> samples, BiPredicate<TokenizedSample, TokenizedSample> mayShare) {
    List<PrefixGroup> groups = new ArrayList<>();
    for (TokenizedSample sample : samples) {
      if (!groups.isEmpty()) {
        PrefixGroup last = groups.getLast();
        TokenizedSample before = last.members().getLast();
        int shared = Math.min(last.prefix(), before.sharedPrefix(sample));
        if (shared >= WORTH_SHARING && mayShare.test(before, sample)) {
          groups.set(groups.size() - 1, last.with(sample, shared));
          continue;
        }
      }
      groups.add(new PrefixGroup(List.of(sample), sample.ids().length - 1));
    }
    return groups;
  }

  private PrefixGroup with(TokenizedSample sample, int shared) {
    List<TokenizedSample> more = new ArrayList<>(members);
    more.add(sample);
    return new PrefixGroup(more, shared);
  }
}
