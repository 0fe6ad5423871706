package dev.hbar.study.statistics;

/** A smooth function to be minimized. */
interface Objective {
  /**
   * The value at a point.
   *
   * @param point not changed
   * @param gradient receives the gradient, as long as the point
   */
  double evaluate(double[] point, double[] gradient);
}
