package dev.hbar.study.scoring;

import dev.hbar.study.dataset.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Neighbouring samples whose prompts begin alike: the two answers of a record share all but the
 * answer, so what they share is computed once.
 *
 * @param prefix number of leading ids that all members share
 */
record PrefixGroup(List<Tokenized> members, int prefix) {
  /** Shorter shared beginnings cost more in extra passes than they save. */
  private static final int WORTH_SHARING = 16;

  /**
   * All rows of a batch carry the columns of its longest, so a batch is cut where the padding costs
   * more than reading the weights once more for every step: with SmolLM2-135M on two cores, a step
   * reads weights for 54 ms and a padded column of a row for 9 us.
   */
  private static final int MOST_PADDING = 6000;

  PrefixGroup {
    members = List.copyOf(members);
  }

  /** The member with the longest prompt, the first of such. */
  Tokenized longest() {
    return Collections.max(members, Comparator.comparingInt(member -> member.ids().length));
  }

  /**
   * Cuts the samples, in order, into groups; a sample that shares nothing is a group of its own.
   *
   * @param mayShare whether the model computes the same for a beginning of both
   */
  static List<PrefixGroup> of(List<Tokenized> samples, BiPredicate<Tokenized, Tokenized> mayShare) {
    List<PrefixGroup> groups = new ArrayList<>();
    for (Tokenized sample : samples) {
      if (!groups.isEmpty()) {
        PrefixGroup last = groups.getLast();
        Tokenized before = last.members().getLast();
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

  private PrefixGroup with(Tokenized sample, int shared) {
    List<Tokenized> more = new ArrayList<>(members);
    more.add(sample);
    return new PrefixGroup(more, shared);
  }

  /** The groups, longest first, in batches that decode together. */
  static List<List<PrefixGroup>> batches(List<PrefixGroup> groups) {
    List<List<PrefixGroup>> batches = new ArrayList<>();
    int padding = 0;
    for (PrefixGroup group : longestFirst(groups)) {
      padding += batches.isEmpty() ? 0 : padding(batches.getLast().getFirst(), group);
      if (batches.isEmpty() || padding > MOST_PADDING) {
        batches.add(new ArrayList<>());
        padding = 0;
      }
      batches.getLast().add(group);
    }
    return batches;
  }

  private static List<PrefixGroup> longestFirst(List<PrefixGroup> groups) {
    return groups.stream()
        .sorted(Comparator.comparingInt(PrefixGroup::columns).reversed())
        .toList();
  }

  private int columns() {
    return longest().ids().length;
  }

  private static int padding(PrefixGroup longest, PrefixGroup group) {
    return group.members().size() * (longest.columns() - group.columns());
  }

  /**
   * A sample as token ids.
   *
   * @param ids the whole prompt, at least one token
   */
  record Tokenized(Sample sample, int[] ids) {
    /** Number of leading ids that both prompts share, short of either's last token. */
    int sharedPrefix(Tokenized other) {
      int limit = Math.min(ids.length, other.ids.length) - 1;
      int shared = 0;
      while (shared < limit && ids[shared] == other.ids[shared]) {
        shared++;
      }
      return shared;
    }
  }
}
