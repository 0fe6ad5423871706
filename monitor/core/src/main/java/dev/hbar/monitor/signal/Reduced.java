package dev.hbar.monitor.signal;

import java.util.Arrays;
import java.util.List;

/**
 * What a step's graph gave of one row, on the host. The weight of a token is e = exp(z - max z),
 * its probability e / {@link #total}.
 */
final class Reduced {
  private final Places places;
  private final float[] row;
  private double[] likeliest;

  /**
   * Where the numbers stand in a row.
   *
   * @param reductions in the order of the row
   * @param watched blocks whose drift is measured, the last one at the end
   * @param vocabulary number of tokens
   */
  record Places(List<Reduction> reductions, List<Integer> watched, int vocabulary) {
    /** Numbers per row. */
    int width() {
      return from(reductions.size());
    }

    private int of(Reduction reduction) {
      return from(reductions.indexOf(reduction));
    }

    private int from(int index) {
      return reductions.subList(0, index).stream().mapToInt(this::width).sum();
    }

    private int width(Reduction reduction) {
      return reduction.width(watched.size(), vocabulary);
    }
  }

  /**
   * The numbers of a row.
   *
   * @param row begins with them
   */
  Reduced(Places places, float[] row) {
    this.places = places;
    this.row = row;
  }

  private double at(Reduction reduction, int index) {
    return row[places.of(reduction) + index];
  }

  /** Number of tokens. */
  int vocabulary() {
    return places.vocabulary();
  }

  /** z[x] - max z of the chosen token x, at most 0. */
  private double shift() {
    return at(Reduction.CHOSEN, 0);
  }

  /** The weight of the chosen token. */
  double chosen() {
    return Math.exp(shift());
  }

  /** The sum of the weights of the others. */
  double others() {
    return at(Reduction.CHOSEN, 1);
  }

  /** The sum of all weights, at least 1. */
  double total() {
    return chosen() + others();
  }

  /**
   * The sum of the weights of all but the likeliest token, without losing digits where that is the
   * chosen one.
   */
  double unlikely() {
    return shift() == 0 ? others() : total() - 1;
  }

  /** The sum of e^2 over the tokens not chosen. */
  double otherSquares() {
    return at(Reduction.SQUARES, 0);
  }

  /** The sum of e (z - max z). */
  double weightedShifts() {
    return at(Reduction.SUMS, 0);
  }

  /** The sum of e^(1/4). */
  double quarters() {
    return at(Reduction.SUMS, 1);
  }

  /** The sum of e^(1/2). */
  double halves() {
    return at(Reduction.SUMS, 2);
  }

  /** The mean of z - max z. */
  double meanShift() {
    return at(Reduction.SUMS, 3);
  }

  /** z - max z of the likeliest tokens, in descending order. */
  double[] likeliest() {
    if (likeliest == null) {
      int from = places.of(Reduction.LIKELIEST);
      float[] ascending = Arrays.copyOfRange(row, from, from + TopLogits.count(vocabulary()));
      Arrays.sort(ascending);
      int last = ascending.length - 1;
      likeliest = new double[ascending.length];
      Arrays.setAll(likeliest, i -> ascending[last - i] - ascending[last]);
    }
    return likeliest;
  }

  /** Whether the chosen token is at least as likely as one whose z - max z this is. */
  boolean isChosenAtLeast(double other) {
    return shift() >= other;
  }

  /** {@link Reduction#SPREAD}. */
  double spread() {
    return at(Reduction.SPREAD, 0);
  }

  /**
   * 1 - cos of the states of a watched block, half the squared distance of their directions, which
   * keeps small angles.
   */
  double drift(int block) {
    return driftAt(places.watched().indexOf(block));
  }

  /** The same of the last block. */
  double lastDrift() {
    return driftAt(places.watched().size() - 1);
  }

  private double driftAt(int index) {
    return at(Reduction.DRIFTS, index) / 2;
  }
}
