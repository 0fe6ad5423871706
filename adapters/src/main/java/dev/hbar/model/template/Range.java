package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;

/** Python's range, at most {@link #MAX_LENGTH} long. */
record Range(long start, long stop, long step) {

  static final long MAX_LENGTH = 100_000;

  static Range of(long start, long stop, long step) {
    if (step == 0) {
      throw new Fault("range() arg 3 must not be zero");
    }
    Range range = new Range(start, stop, step);
    if (range.exactLength().compareTo(BigInteger.valueOf(MAX_LENGTH)) > 0) {
      throw new Fault("range too big: the sandbox blocks ranges longer than " + MAX_LENGTH);
    }
    return range;
  }

  private BigInteger exactLength() {
    BigInteger span = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
    BigInteger stride = BigInteger.valueOf(step);
    if (span.signum() != stride.signum()) {
      return BigInteger.ZERO;
    }
    BigInteger one = BigInteger.valueOf(stride.signum());
    return span.subtract(one).divide(stride).add(BigInteger.ONE);
  }

  int length() {
    return exactLength().intValueExact();
  }

  Object get(int index) {
    return BigInteger.valueOf(start + index * step);
  }

  List<Object> list() {
    int length = length();
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        return Range.this.get(index);
      }

      @Override
      public int size() {
        return length;
      }
    };
  }
}
