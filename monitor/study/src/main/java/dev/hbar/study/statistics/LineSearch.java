package dev.hbar.study.statistics;

import java.util.function.DoubleFunction;

/**
 * The line search of Moré and Thuente (ACM TOMS 1994): a step that lowers the function enough (1e-3
 * of the slope) and flattens it enough (0.9), the constants of L-BFGS-B.
 *
 * <p>One search: create, {@link #find}, throw away.
 */
final class LineSearch {
  private static final double DECREASE = 1e-3;
  private static final double FLATTENING = 0.9;
  private static final double WIDTH_TOLERANCE = 0.1;
  private static final double LONGEST = 1e10;
  private static final double SHRINK = 0.66;

  private final DoubleFunction<Trial> function;
  private final Trial start;
  private final double wantedSlope;
  private StepInterval interval;
  private double least;
  private double most;
  private double width = LONGEST;
  private double olderWidth = 2 * LONGEST;

  /**
   * A search.
   *
   * @param start the point at step 0, with a negative slope
   */
  LineSearch(DoubleFunction<Trial> function, Trial start) {
    this.function = function;
    this.start = start;
    this.wantedSlope = DECREASE * start.slope();
    this.interval = new StepInterval(start, start, false);
  }

  /**
   * The accepted point, or the last one tried.
   *
   * @param first the first step to try
   * @param evaluations most evaluations of the function
   */
  Trial find(double first, int evaluations) {
    most = first + 4 * first;
    boolean early = true;
    Trial trial = function.apply(first);
    for (int count = 1; count < evaluations; count++) {
      boolean low = trial.value() <= start.value() + trial.step() * wantedSlope;
      early &= !low || trial.slope() < 0;
      boolean flat = Math.abs(trial.slope()) <= -FLATTENING * start.slope();
      if ((low && flat) || isExhausted(trial.step())) {
        return trial;
      }
      boolean improved = trial.value() <= interval.best().value();
      trial = function.apply(next(trial, early && improved && !low));
    }
    return trial;
  }

  /** The next step; early trials are judged on the function without its wanted decrease. */
  private double next(Trial trial, boolean modified) {
    double shift = modified ? wantedSlope : 0;
    StepInterval.Update update = interval.plus(-shift).update(trial.plus(-shift), least, most);
    interval = update.interval().plus(shift);
    double step = update.step();
    double bestStep = interval.best().step();
    double otherStep = interval.other().step();
    if (interval.bracketed()) {
      step = interval.width() >= SHRINK * olderWidth ? bestStep + (otherStep - bestStep) / 2 : step;
      olderWidth = width;
      width = interval.width();
      least = Math.min(bestStep, otherStep);
      most = Math.max(bestStep, otherStep);
    } else {
      least = step + 1.1 * (step - bestStep);
      most = step + 4 * (step - bestStep);
    }
    step = Math.clamp(step, 0, LONGEST);
    return isExhausted(step) ? bestStep : step;
  }

  /** Whether nothing is left to search between the ends. */
  private boolean isExhausted(double step) {
    return interval.bracketed()
        && (step <= least || step >= most || most - least <= WIDTH_TOLERANCE * most);
  }
}
