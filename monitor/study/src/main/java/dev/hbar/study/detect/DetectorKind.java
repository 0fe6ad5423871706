package dev.hbar.study.detect;

import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to fit a detector. */
public enum DetectorKind {
  /** {@link LogisticProbe} on states; its strength is C. */
  PROBE("", 1e-3, 1e-2, 1e-1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  },
  /** {@link ShrunkCovariance#direction} on states; its strength is lambda. */
  DIRECTION("", 0.3, 3) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return Arrays.stream(strengths())
          .mapToObj(lambda -> ShrunkCovariance.direction(x, labels, rows, lambda))
          .toList();
    }
  },
  /** {@link LogisticProbe} on the signals of the answer's tokens. */
  SIGNALS("signals", 1e-2, 1e-1, 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  },
  /** {@link ShrunkCovariance#distance} of states: unsupervised; its strength is lambda. */
  MAHALANOBIS("", 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return Arrays.stream(strengths())
          .mapToObj(lambda -> ShrunkCovariance.distance(x, rows, lambda))
          .toList();
    }
  },
  /** {@link LogisticProbe} on {@link AttentionFeature#LOOKBACK}. */
  LOOKBACK("lookback", 1e-2, 1e-1, 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  },
  /** {@link LogisticProbe} on {@link AttentionFeature#ICR}. */
  ICR("icr", 1e-2, 1e-1, 1) {
    @Override
    List<? extends Scorer> fit(float[][] x, int[] labels, int[] rows) {
      return LogisticProbe.fit(x, labels, rows, strengths());
    }
  };

  private final String features;
  private final double[] strengths;

  DetectorKind(String features, double... strengths) {
    this.features = features;
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

  /** Whether it looks at the states of a block; else at {@link #features}. */
  boolean onStates() {
    return features.isEmpty();
  }

  /** Whether it looks at the signals of the answer's tokens. */
  boolean onSignals() {
    return this == SIGNALS;
  }

  /** The name of the features it looks at; empty: a block's states. */
  String features() {
    return features;
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
