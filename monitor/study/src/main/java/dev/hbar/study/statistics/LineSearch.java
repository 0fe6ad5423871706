package dev.hbar.study.statistics;

import java.util.function.DoubleFunction;

/**
 * The line search of Moré and Thuente (ACM TOMS 1994): a step that lowers the function enough (1e-3
 * of the slope) and flattens it enough (0.9), the constants of L-BFGS-B.
 *
 * <p>One search: create, {@link #find}, throw away.
 */
final class LineSearch {
  /**
   * The interval that holds the step sought: the best step so far and the other end, with the
   * safeguarded cubic and quadratic interpolation of Moré and Thuente (ACM TOMS 1994, section 4).
   *
   * @param best the end with the lowest value
   * @param other the other end
   * @param bracketed whether a minimum is known to lie between them
   */
  record Bracket(LineSearch.Point best, LineSearch.Point other, boolean bracketed) {
    private static final double SAFEGUARD = 0.66;

    /** A new interval, and the step to try next. */
    record Update(Bracket interval, double step) {}

    /** The same interval of the function with {@code gradient * step} added. */
    Bracket plus(double gradient) {
      return new Bracket(best.plus(gradient), other.plus(gradient), bracketed);
    }

    double width() {
      return Math.abs(other.step() - best.step());
    }

    /**
     * Takes a trial in.
     *
     * @param least shortest step allowed next
     * @param most longest step allowed next
     */
    Update update(LineSearch.Point trial, double least, double most) {
      boolean opposite = trial.slope() * Math.signum(best.slope()) < 0;
      boolean higher = trial.value() > best.value();
      double step;
      boolean found = bracketed;
      if (higher) {
        step = afterHigherValue(trial);
        found = true;
      } else if (opposite) {
        step = afterOppositeSlope(trial);
        found = true;
      } else if (Math.abs(trial.slope()) < Math.abs(best.slope())) {
        step = afterFlatterSlope(trial, least, most);
      } else {
        step = afterSteeperSlope(trial, least, most);
      }
      if (higher) {
        return new Update(new Bracket(best, trial, found), step);
      }
      return new Update(new Bracket(trial, opposite ? best : other, found), step);
    }

    /**
     * The minimum lies between best and trial: the cubic step, or half way to the quadratic one.
     */
    private double afterHigherValue(LineSearch.Point trial) {
      double length = trial.step() - best.step();
      double cubic = best.step() + cubic(best, trial, trial.step() < best.step()) * length;
      double fall = (best.value() - trial.value()) / length + best.slope();
      double quadratic = best.step() + best.slope() / fall / 2 * length;
      boolean cubicIsCloser = Math.abs(cubic - best.step()) < Math.abs(quadratic - best.step());
      return cubicIsCloser ? cubic : cubic + (quadratic - cubic) / 2;
    }

    /** The minimum lies between them: the cubic or the secant step, whichever is farther. */
    private double afterOppositeSlope(LineSearch.Point trial) {
      double cubic = backwards(trial, best, trial.step() > best.step());
      double secant = secant(trial);
      boolean cubicIsFarther = Math.abs(cubic - trial.step()) > Math.abs(secant - trial.step());
      return cubicIsFarther ? cubic : secant;
    }

    private double afterFlatterSlope(LineSearch.Point trial, double least, double most) {
      double theta = theta(best, trial);
      double scale = scale(theta, best, trial);
      double gamma = root(scale, theta, best, trial);
      gamma = trial.step() > best.step() ? -gamma : gamma;
      double ratio =
          (gamma - trial.slope() + theta) / (gamma + (best.slope() - trial.slope()) + gamma);
      double outermost = trial.step() > best.step() ? most : least;
      double cubic =
          ratio < 0 && gamma != 0 ? trial.step() + ratio * (best.step() - trial.step()) : outermost;
      double secant = secant(trial);
      boolean cubicIsCloser = Math.abs(cubic - trial.step()) < Math.abs(secant - trial.step());
      if (!bracketed) {
        return Math.clamp(cubicIsCloser ? secant : cubic, least, most);
      }
      double bound = trial.step() + SAFEGUARD * (other.step() - trial.step());
      double step = cubicIsCloser ? cubic : secant;
      return trial.step() > best.step() ? Math.min(bound, step) : Math.max(bound, step);
    }

    private double afterSteeperSlope(LineSearch.Point trial, double least, double most) {
      if (bracketed) {
        return backwards(trial, other, trial.step() > other.step());
      }
      return trial.step() > best.step() ? most : least;
    }

    /** The minimizer of the cubic through two points, as a share of the way from {@code from}. */
    private static double cubic(LineSearch.Point from, LineSearch.Point to, boolean negative) {
      double theta = theta(from, to);
      double gamma = root(scale(theta, from, to), theta, from, to);
      gamma = negative ? -gamma : gamma;
      return (gamma - from.slope() + theta) / (gamma - from.slope() + gamma + to.slope());
    }

    private static double backwards(
        LineSearch.Point trial, LineSearch.Point end, boolean negative) {
      return trial.step() + cubic(trial, end, negative) * (end.step() - trial.step());
    }

    private double secant(LineSearch.Point trial) {
      double share = trial.slope() / (trial.slope() - best.slope());
      return trial.step() + share * (best.step() - trial.step());
    }

    private static double theta(LineSearch.Point a, LineSearch.Point b) {
      return 3 * (a.value() - b.value()) / (b.step() - a.step()) + a.slope() + b.slope();
    }

    private static double scale(double theta, LineSearch.Point a, LineSearch.Point b) {
      return Math.max(Math.abs(theta), Math.max(Math.abs(a.slope()), Math.abs(b.slope())));
    }

    /** sqrt(theta^2 - a' b'), scaled against overflow; 0 where the cubic has no minimum. */
    private static double root(double scale, double theta, LineSearch.Point a, LineSearch.Point b) {
      double ratio = theta / scale;
      return scale
          * Math.sqrt(Math.max(0, ratio * ratio - a.slope() / scale * (b.slope() / scale)));
    }
  }

  /**
   * A point on the line of a line search.
   *
   * @param step distance from the start, in units of the direction
   * @param value of the function there
   * @param slope its derivative along the direction
   */
  record Point(double step, double value, double slope) {
    /** The same point of the function with a linear one, {@code gradient * step}, added. */
    Point plus(double gradient) {
      return new Point(step, value + step * gradient, slope + gradient);
    }
  }

  private static final double DECREASE = 1e-3;
  private static final double FLATTENING = 0.9;
  private static final double WIDTH_TOLERANCE = 0.1;
  private static final double LONGEST = 1e10;
  private static final double SHRINK = 0.66;

  private final DoubleFunction<Point> function;
  private final Point start;
  private final double wantedSlope;
  private Bracket interval;
  private double least;
  private double most;
  private double width = LONGEST;
  private double olderWidth = 2 * LONGEST;

  /**
   * A search.
   *
   * @param start the point at step 0, with a negative slope
   */
  LineSearch(DoubleFunction<Point> function, Point start) {
    this.function = function;
    this.start = start;
    this.wantedSlope = DECREASE * start.slope();
    this.interval = new Bracket(start, start, false);
  }

  /**
   * The accepted point, or the last one tried.
   *
   * @param first the first step to try
   * @param evaluations most evaluations of the function
   */
  Point find(double first, int evaluations) {
    most = first + 4 * first;
    boolean early = true;
    Point trial = function.apply(first);
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
  private double next(Point trial, boolean modified) {
    double shift = modified ? wantedSlope : 0;
    Bracket.Update update = interval.plus(-shift).update(trial.plus(-shift), least, most);
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
