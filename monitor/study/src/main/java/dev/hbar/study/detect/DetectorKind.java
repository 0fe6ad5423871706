package dev.hbar.study.detect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to fit a detector. */
public enum DetectorKind {
  /** {@link LogisticProbe} on states; its strength is C. */
  PROBE(true, 1e-3, 1e-2, 1e-1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  },
  /** {@link ShrunkCovariance#direction} on states; its strength is lambda. */
  DIRECTION(true, 0.3, 3) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return Arrays.stream(strengths())
          .mapToObj(lambda -> ShrunkCovariance.direction(x, labels, rows, lambda))
          .toList();
    }
  },
  /** {@link LogisticProbe} on the signals of the answer's tokens. */
  SIGNALS(false, 1e-2, 1e-1, 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  },
  /** {@link ShrunkCovariance#distance} of states: unsupervised; its strength is lambda. */
  MAHALANOBIS(true, 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return Arrays.stream(strengths())
          .mapToObj(lambda -> ShrunkCovariance.distance(x, rows, lambda))
          .toList();
    }
  };

  private final boolean onStates;
  private final double[] strengths;

  DetectorKind(boolean onStates, double... strengths) {
    this.onStates = onStates;
    this.strengths = strengths;
  }

  /** The name in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return id();
  }

  /**
   * The kind of this name.
   *
   * @throws IllegalArgumentException listing the names
   */
  public static DetectorKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no kind of detector "
                        + id
                        + "; there are "
                        + Arrays.stream(values())
                            .map(DetectorKind::id)
                            .collect(Collectors.joining(", "))));
  }

  /** Whether it looks at states; else at signals. */
  boolean onStates() {
    return onStates;
  }

  /** The strengths of regularization to choose from, ascending. */
  double[] strengths() {
    return strengths.clone();
  }

  /**
   * One detector per strength.
   *
   * @param x features of all samples; only {@code rows} of it are looked at
   * @param labels 0 or 1
   * @param rows the samples to learn from
   */
  abstract List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows);
}
