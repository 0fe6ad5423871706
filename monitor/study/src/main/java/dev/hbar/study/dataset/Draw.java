package dev.hbar.study.dataset;

import java.util.List;

/**
 * The samples a protocol has drawn.
 *
 * @param protocol how
 * @param set which side of the split
 * @param n number of samples
 * @param seed of Python's generator
 * @param samples n of them, in order
 */
public record Draw(Protocol protocol, Partition set, int n, long seed, List<DrawnSample> samples) {
  /** Copies the list. */
  public Draw {
    samples = List.copyOf(samples);
  }
}
