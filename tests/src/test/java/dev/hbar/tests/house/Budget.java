package dev.hbar.tests.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Bounds on sizes in lines: at a share of all things, and for each of them.
 *
 * @param median half of them are at most this long
 * @param ninetieth nine of ten are at most this long
 * @param longest none is longer
 */
record Budget(int median, int ninetieth, int longest) {

  /** The bounds that {@code things} break, and each thing that is too long. */
  <T> List<String> breaches(List<T> things, ToIntFunction<T> size, Function<T, String> name) {
    int[] sizes = things.stream().mapToInt(size).sorted().toArray();
    var breaches = new ArrayList<String>();
    addShare(breaches, sizes, 50, median);
    addShare(breaches, sizes, 90, ninetieth);
    things.stream()
        .filter(thing -> size.applyAsInt(thing) > longest)
        .map(t -> name.apply(t) + " has " + size.applyAsInt(t) + " lines, at most " + longest)
        .forEach(breaches::add);
    return breaches;
  }

  private static void addShare(List<String> breaches, int[] sizes, int percent, int bound) {
    long within = IntStream.of(sizes).filter(size -> size <= bound).count();
    if (within * 100 < (long) sizes.length * percent) {
      breaches.add(
          "%d of %d have at most %d lines; wanted: %d %%"
              .formatted(within, sizes.length, bound, percent));
    }
  }
}
