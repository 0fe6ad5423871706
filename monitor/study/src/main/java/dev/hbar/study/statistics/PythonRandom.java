package dev.hbar.study.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hipparchus.random.MersenneTwister;

/**
 * Python's {@code random} seeded with an integer, so that a published draw can be repeated: the
 * same generator (the library's), with CPython's rules on top for sample and shuffle.
 *
 * <p>Mutable, for one thread.
 */
public final class PythonRandom {
  private final MersenneTwister twister = new MersenneTwister(new int[] {0});

  /**
   * As {@code random.seed(seed)}.
   *
   * @param seed any integer; its sign does not count, as in Python
   */
  public PythonRandom(long seed) {
    long magnitude = Math.abs(seed);
    int low = (int) magnitude;
    int high = (int) (magnitude >>> 32);
    twister.setSeed(high == 0 ? new int[] {low} : new int[] {low, high});
  }

  /** As {@code random.random()}: 53 bits in [0, 1). */
  public double random() {
    long high = (long) (twister.nextInt() >>> 5);
    long low = (long) (twister.nextInt() >>> 6);
    return ((high << 26) + low) * 0x1p-53;
  }

  /**
   * As {@code random.getrandbits(bits)}.
   *
   * @param bits 1 to 31
   */
  public int bits(int bits) {
    if (bits < 1 || bits > 31) {
      throw new IllegalArgumentException("bits must be 1 to 31, not " + bits);
    }
    return twister.nextInt() >>> (32 - bits);
  }

  /** As {@code random.shuffle(list)}. */
  public void shuffle(List<?> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, below(i + 1));
    }
  }

  /**
   * As {@code random.sample(population, count)}: in selection order, without replacement.
   *
   * @param count 0 to the population's size
   */
  public <T> List<T> sample(List<T> population, int count) {
    int size = population.size();
    if (count < 0 || count > size) {
      throw new IllegalArgumentException("cannot draw %s of %s".formatted(count, size));
    }
    return size <= poolBound(count)
        ? sampleFromPool(new ArrayList<>(population), count)
        : sampleByIndex(population, count);
  }

  /** The population size up to which CPython copies the list instead of keeping a set. */
  private static double poolBound(int count) {
    return count <= 5 ? 21 : 21 + Math.pow(4, Math.ceil(Math.log(count * 3.0) / Math.log(4)));
  }

  private <T> List<T> sampleFromPool(List<T> pool, int count) {
    List<T> drawn = new ArrayList<>(count);
    for (int left = pool.size(); drawn.size() < count; left--) {
      int index = below(left);
      drawn.add(pool.get(index));
      pool.set(index, pool.get(left - 1));
    }
    return drawn;
  }

  private <T> List<T> sampleByIndex(List<T> population, int count) {
    List<T> drawn = new ArrayList<>(count);
    Set<Integer> taken = new HashSet<>();
    while (drawn.size() < count) {
      int index = below(population.size());
      if (taken.add(index)) {
        drawn.add(population.get(index));
      }
    }
    return drawn;
  }

  /** Uniform in [0, bound) by rejection, as CPython does it; bound at least 1. */
  private int below(int bound) {
    int bits = 32 - Integer.numberOfLeadingZeros(bound);
    int value = bits(bits);
    while (value >= bound) {
      value = bits(bits);
    }
    return value;
  }
}
