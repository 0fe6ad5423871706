package dev.hbar.study.statistics;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.DoubleFunction;

/**
 * Minimizes a smooth function by L-BFGS with ten corrections, with the line search and the stopping
 * rules that SciPy's L-BFGS-B has without bounds (Byrd, Lu, Nocedal and Zhu, 1995). It goes the
 * same way and so stops at the same point: scikit-learn's weights are those of its stopping rule,
 * which differ from those of the minimum in the third digit.
 */
public final class Lbfgs {
  /** A smooth function to be minimized. */
  public interface Objective {
    /**
     * The value at a point.
     *
     * @param point not changed
     * @param gradient receives the gradient, as long as the point
     */
    double evaluate(double[] point, double[] gradient);
  }

  private static final int MEMORY = 10;
  private static final int MOST_ITERATIONS = 100;
  private static final int MOST_EVALUATIONS = 50;
  private static final double EPSILON = Math.ulp(1.0);
  private static final double LEAST_DECREASE = 64 * EPSILON;

  private final Objective objective;
  private final double gradientTolerance;
  private final Deque<Correction> corrections = new ArrayDeque<>();
  private State state;

  /** A point with its value and gradient. */
  private record State(double[] point, double value, double[] gradient) {}

  /** A change of the point, the change of the gradient along it, and the product of the two. */
  private record Correction(double[] step, double[] change, double product) {}

  private Lbfgs(Objective objective, double[] start, double gradientTolerance) {
    this.objective = objective;
    this.gradientTolerance = gradientTolerance;
    this.state = evaluate(start);
  }

  /**
   * The minimizer, as far as the tolerance asks.
   *
   * @param start where to begin; not changed
   * @param gradientTolerance it stops when no component of the gradient is larger
   */
  public static double[] minimize(Objective objective, double[] start, double gradientTolerance) {
    Lbfgs search = new Lbfgs(objective, start.clone(), gradientTolerance);
    boolean more = largest(search.state.gradient) > gradientTolerance;
    for (int iteration = 0; more && iteration < MOST_ITERATIONS; iteration++) {
      more = search.improve(iteration == 0);
    }
    return search.state.point;
  }

  /** One iteration; false if it was the last. */
  private boolean improve(boolean first) {
    double[] direction = direction();
    State from = state;
    double slope = dot(from.gradient, direction);
    double step = first ? 1 / Math.sqrt(dot(direction, direction)) : 1;
    LineSearch.Point found =
        new LineSearch(along(from, direction), new LineSearch.Point(0, from.value, slope))
            .find(step, MOST_EVALUATIONS);
    if (!(found.value() <= from.value)) {
      // Rounding has the last word: start again from the steepest descent, once.
      boolean again = !corrections.isEmpty();
      corrections.clear();
      state = from;
      return again;
    }
    state = evaluate(moved(from.point, direction, found.step()));
    if (largest(state.gradient) <= gradientTolerance) {
      return false;
    }
    double scale = Math.max(Math.max(Math.abs(from.value), Math.abs(state.value)), 1);
    if (from.value - state.value <= LEAST_DECREASE * scale) {
      return false;
    }
    remember(from, slope * found.step());
    return true;
  }

  private DoubleFunction<LineSearch.Point> along(State from, double[] direction) {
    return step -> {
      State there = evaluate(moved(from.point, direction, step));
      return new LineSearch.Point(step, there.value, dot(there.gradient, direction));
    };
  }

  private void remember(State from, double slope) {
    double[] step = moved(state.point, from.point, -1);
    double[] change = moved(state.gradient, from.gradient, -1);
    double product = dot(step, change);
    if (product <= EPSILON * -slope) {
      return;
    }
    if (corrections.size() == MEMORY) {
      corrections.removeFirst();
    }
    corrections.addLast(new Correction(step, change, product));
  }

  /** Minus the inverse Hessian's estimate times the gradient, by the two-loop recursion. */
  private double[] direction() {
    double[] direction = Arrays.stream(state.gradient).map(g -> -g).toArray();
    if (corrections.isEmpty()) {
      return direction;
    }
    Deque<Double> shares = new ArrayDeque<>();
    for (Iterator<Correction> newest = corrections.descendingIterator(); newest.hasNext(); ) {
      Correction c = newest.next();
      double share = dot(c.step, direction) / c.product;
      shares.push(share);
      direction = moved(direction, c.change, -share);
    }
    Correction last = corrections.getLast();
    double scale = last.product / dot(last.change, last.change);
    direction = Arrays.stream(direction).map(d -> d * scale).toArray();
    for (Correction c : corrections) {
      double share = shares.pop() - dot(c.change, direction) / c.product;
      direction = moved(direction, c.step, share);
    }
    return direction;
  }

  private State evaluate(double[] point) {
    double[] gradient = new double[point.length];
    return new State(point, objective.evaluate(point, gradient), gradient);
  }

  private static double[] moved(double[] point, double[] direction, double step) {
    double[] moved = new double[point.length];
    for (int k = 0; k < moved.length; k++) {
      moved[k] = point[k] + step * direction[k];
    }
    return moved;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double largest(double[] gradient) {
    return Arrays.stream(gradient).map(Math::abs).max().orElse(0);
  }
}
