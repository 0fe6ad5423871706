package dev.hbar.study.statistics;

/**
 * The interval that holds the step sought: the best step so far and the other end, with the
 * safeguarded cubic and quadratic interpolation of Moré and Thuente (ACM TOMS 1994, section 4).
 *
 * @param best the end with the lowest value
 * @param other the other end
 * @param bracketed whether a minimum is known to lie between them
 */
record StepInterval(Trial best, Trial other, boolean bracketed) {
  private static final double SAFEGUARD = 0.66;

  /** A new interval, and the step to try next. */
  record Update(StepInterval interval, double step) {}

  /** The same interval of the function with {@code gradient * step} added. */
  StepInterval plus(double gradient) {
    return new StepInterval(best.plus(gradient), other.plus(gradient), bracketed);
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
  Update update(Trial trial, double least, double most) {
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
      return new Update(new StepInterval(best, trial, found), step);
    }
    return new Update(new StepInterval(trial, opposite ? best : other, found), step);
  }

  /** The minimum lies between best and trial: the cubic step, or half way to the quadratic one. */
  private double afterHigherValue(Trial trial) {
    double length = trial.step() - best.step();
    double cubic = best.step() + cubic(best, trial, trial.step() < best.step()) * length;
    double fall = (best.value() - trial.value()) / length + best.slope();
    double quadratic = best.step() + best.slope() / fall / 2 * length;
    boolean cubicIsCloser = Math.abs(cubic - best.step()) < Math.abs(quadratic - best.step());
    return cubicIsCloser ? cubic : cubic + (quadratic - cubic) / 2;
  }

  /** The minimum lies between them: the cubic or the secant step, whichever is farther. */
  private double afterOppositeSlope(Trial trial) {
    double cubic = backwards(trial, best, trial.step() > best.step());
    double secant = secant(trial);
    boolean cubicIsFarther = Math.abs(cubic - trial.step()) > Math.abs(secant - trial.step());
    return cubicIsFarther ? cubic : secant;
  }

  private double afterFlatterSlope(Trial trial, double least, double most) {
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

  private double afterSteeperSlope(Trial trial, double least, double most) {
    if (bracketed) {
      return backwards(trial, other, trial.step() > other.step());
    }
    return trial.step() > best.step() ? most : least;
  }

  /** The minimizer of the cubic through two points, as a share of the way from {@code from}. */
  private static double cubic(Trial from, Trial to, boolean negative) {
    double theta = theta(from, to);
    double gamma = root(scale(theta, from, to), theta, from, to);
    gamma = negative ? -gamma : gamma;
    return (gamma - from.slope() + theta) / (gamma - from.slope() + gamma + to.slope());
  }

  private static double backwards(Trial trial, Trial end, boolean negative) {
    return trial.step() + cubic(trial, end, negative) * (end.step() - trial.step());
  }

  private double secant(Trial trial) {
    double share = trial.slope() / (trial.slope() - best.slope());
    return trial.step() + share * (best.step() - trial.step());
  }

  private static double theta(Trial a, Trial b) {
    return 3 * (a.value() - b.value()) / (b.step() - a.step()) + a.slope() + b.slope();
  }

  private static double scale(double theta, Trial a, Trial b) {
    return Math.max(Math.abs(theta), Math.max(Math.abs(a.slope()), Math.abs(b.slope())));
  }

  /** sqrt(theta^2 - a' b'), scaled against overflow; 0 where the cubic has no minimum. */
  private static double root(double scale, double theta, Trial a, Trial b) {
    double ratio = theta / scale;
    return scale * Math.sqrt(Math.max(0, ratio * ratio - a.slope() / scale * (b.slope() / scale)));
  }
}
