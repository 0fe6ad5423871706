package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.Unary;

/** The operations of {@link MlxOps} that work element by element. Shapes broadcast as in NumPy. */
public abstract sealed class ElementOps permits MlxOps {
  private final MlxScope scope;

  ElementOps(MlxScope scope) {
    this.scope = scope;
  }

  final MlxScope scope() {
    return scope;
  }

  final MlxArray own(ArrayHandle handle) {
    return scope.adopt(handle);
  }

  /** Absolute value. */
  public MlxArray abs(MlxArray a) {
    return own(Unary.ABS.of(a.handle()));
  }

  /** e to the power of a. */
  public MlxArray exp(MlxArray a) {
    return own(Unary.EXP.of(a.handle()));
  }

  /** Natural logarithm. */
  public MlxArray log(MlxArray a) {
    return own(Unary.LOG.of(a.handle()));
  }

  /** ln(1 + a), exact near 0. */
  public MlxArray log1p(MlxArray a) {
    return own(Unary.LOG1P.of(a.handle()));
  }

  /** Square root. */
  public MlxArray sqrt(MlxArray a) {
    return own(Unary.SQRT.of(a.handle()));
  }

  /** One over the square root. */
  public MlxArray rsqrt(MlxArray a) {
    return own(Unary.RSQRT.of(a.handle()));
  }

  /** a times a. */
  public MlxArray square(MlxArray a) {
    return own(Unary.SQUARE.of(a.handle()));
  }

  /** 1 / (1 + exp(-a)). */
  public MlxArray sigmoid(MlxArray a) {
    return own(Unary.SIGMOID.of(a.handle()));
  }

  /** The number of the other sign. */
  public MlxArray negative(MlxArray a) {
    return own(Unary.NEGATIVE.of(a.handle()));
  }

  /** Cosine of radians. */
  public MlxArray cos(MlxArray a) {
    return own(Unary.COS.of(a.handle()));
  }

  /** Sine of radians. */
  public MlxArray sin(MlxArray a) {
    return own(Unary.SIN.of(a.handle()));
  }

  /** True where an element is neither infinite nor NaN. */
  public MlxArray isFinite(MlxArray a) {
    return own(Unary.ISFINITE.of(a.handle()));
  }

  /** True where an element is 0 or false. */
  public MlxArray logicalNot(MlxArray a) {
    return own(Unary.LOGICAL_NOT.of(a.handle()));
  }

  /** Sum of the elements. */
  public MlxArray add(MlxArray a, MlxArray b) {
    return own(Binary.ADD.of(a.handle(), b.handle()));
  }

  /** a less b. */
  public MlxArray subtract(MlxArray a, MlxArray b) {
    return own(Binary.SUBTRACT.of(a.handle(), b.handle()));
  }

  /** Product of the elements. */
  public MlxArray multiply(MlxArray a, MlxArray b) {
    return own(Binary.MULTIPLY.of(a.handle(), b.handle()));
  }

  /** a over b, as floating numbers. */
  public MlxArray divide(MlxArray a, MlxArray b) {
    return own(Binary.DIVIDE.of(a.handle(), b.handle()));
  }

  /** The larger of two elements. */
  public MlxArray maximum(MlxArray a, MlxArray b) {
    return own(Binary.MAXIMUM.of(a.handle(), b.handle()));
  }

  /** The smaller of two elements. */
  public MlxArray minimum(MlxArray a, MlxArray b) {
    return own(Binary.MINIMUM.of(a.handle(), b.handle()));
  }

  /** a to the power of b. */
  public MlxArray power(MlxArray a, MlxArray b) {
    return own(Binary.POWER.of(a.handle(), b.handle()));
  }

  /** ln(exp(a) + exp(b)) without overflow. */
  public MlxArray logaddexp(MlxArray a, MlxArray b) {
    return own(Binary.LOGADDEXP.of(a.handle(), b.handle()));
  }

  /** True where the elements are equal. */
  public MlxArray equal(MlxArray a, MlxArray b) {
    return own(Binary.EQUAL.of(a.handle(), b.handle()));
  }

  /** True where a is below b. */
  public MlxArray less(MlxArray a, MlxArray b) {
    return own(Binary.LESS.of(a.handle(), b.handle()));
  }

  /** True where a is at most b. */
  public MlxArray lessEqual(MlxArray a, MlxArray b) {
    return own(Binary.LESS_EQUAL.of(a.handle(), b.handle()));
  }

  /** True where a is above b. */
  public MlxArray greater(MlxArray a, MlxArray b) {
    return own(Binary.GREATER.of(a.handle(), b.handle()));
  }

  /** True where a is at least b. */
  public MlxArray greaterEqual(MlxArray a, MlxArray b) {
    return own(Binary.GREATER_EQUAL.of(a.handle(), b.handle()));
  }

  /** True where both are true. */
  public MlxArray logicalAnd(MlxArray a, MlxArray b) {
    return own(Binary.LOGICAL_AND.of(a.handle(), b.handle()));
  }

  /** True where either is true. */
  public MlxArray logicalOr(MlxArray a, MlxArray b) {
    return own(Binary.LOGICAL_OR.of(a.handle(), b.handle()));
  }
}
