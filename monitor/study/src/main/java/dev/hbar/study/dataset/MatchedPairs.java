package dev.hbar.study.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first pairs of a source whose two answers look alike from outside: their lengths differ by at
 * most a tenth of the longer one, and they end with the same character. What tells these answers
 * apart is not their length and not a full stop.
 *
 * @param origin of the source, and the number of pairs used
 * @param samples both answers of each pair, neighbours
 */
public record MatchedPairs(SampleOrigin origin, List<Sample> samples) implements SampleSource {
  /** Most difference of two lengths, as a share of the longer one. */
  public static final double TOLERANCE = 0.1;

  /** Copies the list. */
  public MatchedPairs {
    samples = List.copyOf(samples);
  }

  /**
   * Picks the pairs.
   *
   * @param most pairs
   * @throws IllegalArgumentException if there is none
   */
  public static MatchedPairs of(SampleSource source, int most) {
    List<Sample> picked = new ArrayList<>();
    try (Stream<Sample> all = source.open()) {
      Sample[] before = new Sample[1];
      all.takeWhile(sample -> picked.size() < 2 * most)
          .forEach(
              sample -> {
                if (before[0] != null && matched(before[0], sample)) {
                  picked.add(before[0]);
                  picked.add(sample);
                }
                before[0] = sample;
              });
    }
    if (picked.isEmpty()) {
      throw new IllegalArgumentException("no record has two answers of like length and ending");
    }
    SampleOrigin origin = source.origin();
    Selection selection =
        new Selection.Records(
            origin.selection().words() + ", matched pairs", 0, picked.size() / 2, picked.size());
    return new MatchedPairs(
        new SampleOrigin(origin.dataSha256(), origin.protocol(), selection), picked);
  }

  private static boolean matched(Sample one, Sample other) {
    return one.record().equals(other.record())
        && one.label() != other.label()
        && matched(one.answer(), other.answer());
  }

  /** Whether two answers look alike, blanks around them aside. */
  public static boolean matched(String one, String other) {
    String a = one.strip();
    String b = other.strip();
    if (a.isEmpty() || b.isEmpty()) {
      return false;
    }
    int longer = Math.max(a.length(), b.length());
    return Math.abs(a.length() - b.length()) <= TOLERANCE * longer
        && a.codePointBefore(a.length()) == b.codePointBefore(b.length());
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public Stream<Sample> open() {
    return samples.stream();
  }
}
