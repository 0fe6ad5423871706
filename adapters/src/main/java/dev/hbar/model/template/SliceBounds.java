package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bounds of a Python slice. */
record SliceBounds(Optional<BigInteger> start, Optional<BigInteger> stop, long step) {

  private record Indices(long start, long count) {}

  static SliceBounds of(Object start, Object stop, Object step) {
    long stride = bound(step).map(Numbers::clamp).orElse(1);
    if (stride == 0) {
      throw new Fault("slice step cannot be zero");
    }
    return new SliceBounds(bound(start), bound(stop), stride);
  }

  private static Optional<BigInteger> bound(Object value) {
    if (value == None.NONE) {
      return Optional.empty();
    }
    return Optional.of(
        Numbers.integer(value)
            .orElseThrow(() -> new Fault("slice indices must be integers or None")));
  }

  private Indices indices(int length) {
    long lowest = step < 0 ? -1 : 0;
    long highest = step < 0 ? length - 1L : length;
    long from =
        start
            .map(value -> clip(value, length, lowest, highest))
            .orElse(step < 0 ? highest : lowest);
    long to =
        stop.map(value -> clip(value, length, lowest, highest)).orElse(step < 0 ? lowest : highest);
    long span = step < 0 ? from - to : to - from;
    long stride = Math.abs(step);
    return new Indices(from, span <= 0 ? 0 : (span + stride - 1) / stride);
  }

  private static long clip(BigInteger value, int length, long lowest, long highest) {
    long bound = Numbers.clamp(value);
    return Math.clamp(bound < 0 ? bound + length : bound, lowest, highest);
  }

  List<Object> of(List<Object> items) {
    Indices indices = indices(items.size());
    Budget.chargeItems(indices.count());
    List<Object> slice = new ArrayList<>((int) indices.count());
    for (long i = 0; i < indices.count(); i++) {
      slice.add(items.get((int) (indices.start() + i * step)));
    }
    return slice;
  }

  String of(String text) {
    boolean narrow = Text.isNarrow(text);
    Indices indices = indices(narrow ? text.length() : Text.length(text));
    Budget.charge(indices.count());
    int from = (int) indices.start();
    int count = (int) indices.count();
    if (count == 0) {
      return "";
    }
    if (step == 1) {
      return narrow ? text.substring(from, from + count) : Text.slice(text, from, from + count);
    }
    int[] characters = text.codePoints().toArray();
    StringBuilder slice = new StringBuilder(count);
    for (long i = 0; i < count; i++) {
      slice.appendCodePoint(characters[(int) (from + i * step)]);
    }
    return slice.toString();
  }

  Range of(Range range) {
    Indices indices = indices(range.length());
    long from = range.start() + indices.start() * range.step();
    long stride = range.step() * step;
    if (indices.count() == 0) {
      return new Range(from, from, stride);
    }
    return new Range(from, from + indices.count() * stride, stride);
  }
}
