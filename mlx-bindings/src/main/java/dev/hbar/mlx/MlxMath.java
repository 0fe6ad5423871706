package dev.hbar.mlx;

import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.MathCalls;
import dev.hbar.mlx.internal.Unary;
import java.util.List;
import java.util.Optional;

/**
 * Elementwise functions that {@link MlxOps} does not have; arrays broadcast as in NumPy. Results
 * belong to the scope this was taken from. Owner thread only.
 */
public final class MlxMath {
  private final MlxScope scope;

  MlxMath(MlxScope scope) {
    this.scope = scope;
  }

  /** Inverse cosine, in radians. */
  public MlxArray arccos(MlxArray a) {
    return scope.adopt(Unary.ARCCOS.of(a.handle()));
  }

  /** Inverse hyperbolic cosine. */
  public MlxArray arccosh(MlxArray a) {
    return scope.adopt(Unary.ARCCOSH.of(a.handle()));
  }

  /** Inverse sine, in radians. */
  public MlxArray arcsin(MlxArray a) {
    return scope.adopt(Unary.ARCSIN.of(a.handle()));
  }

  /** Inverse hyperbolic sine. */
  public MlxArray arcsinh(MlxArray a) {
    return scope.adopt(Unary.ARCSINH.of(a.handle()));
  }

  /** Inverse tangent, in radians. */
  public MlxArray arctan(MlxArray a) {
    return scope.adopt(Unary.ARCTAN.of(a.handle()));
  }

  /** Inverse hyperbolic tangent. */
  public MlxArray arctanh(MlxArray a) {
    return scope.adopt(Unary.ARCTANH.of(a.handle()));
  }

  /** Angle of the point (b, a) in radians, in (-pi, pi]. */
  public MlxArray arctan2(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.ARCTAN2.of(a.handle(), b.handle()));
  }

  /** The smallest whole number not below. */
  public MlxArray ceil(MlxArray a) {
    return scope.adopt(Unary.CEIL.of(a.handle()));
  }

  /** The largest whole number not above. */
  public MlxArray floor(MlxArray a) {
    return scope.adopt(Unary.FLOOR.of(a.handle()));
  }

  /** The whole number next to zero. */
  public MlxArray trunc(MlxArray a) {
    return scope.adopt(Unary.TRUNC.of(a.handle()));
  }

  /** Rounded to so many decimals; halves go to the even neighbour. */
  public MlxArray round(MlxArray a, int decimals) {
    return scope.adopt(MathCalls.round(a.handle(), decimals));
  }

  /** Held between two bounds; either may be left out. */
  public MlxArray clip(MlxArray a, Optional<MlxArray> aMin, Optional<MlxArray> aMax) {
    return scope.adopt(
        MathCalls.clip(a.handle(), aMin.map(MlxArray::handle), aMax.map(MlxArray::handle)));
  }

  /** Complex conjugate. */
  public MlxArray conjugate(MlxArray a) {
    return scope.adopt(Unary.CONJUGATE.of(a.handle()));
  }

  /** Real part of a complex array. */
  public MlxArray real(MlxArray a) {
    return scope.adopt(Unary.REAL.of(a.handle()));
  }

  /** Imaginary part of a complex array. */
  public MlxArray imag(MlxArray a) {
    return scope.adopt(Unary.IMAG.of(a.handle()));
  }

  /** Hyperbolic cosine. */
  public MlxArray cosh(MlxArray a) {
    return scope.adopt(Unary.COSH.of(a.handle()));
  }

  /** Hyperbolic sine. */
  public MlxArray sinh(MlxArray a) {
    return scope.adopt(Unary.SINH.of(a.handle()));
  }

  /** Tangent of radians. */
  public MlxArray tan(MlxArray a) {
    return scope.adopt(Unary.TAN.of(a.handle()));
  }

  /** Hyperbolic tangent. */
  public MlxArray tanh(MlxArray a) {
    return scope.adopt(Unary.TANH.of(a.handle()));
  }

  /** Radians to degrees. */
  public MlxArray degrees(MlxArray a) {
    return scope.adopt(Unary.DEGREES.of(a.handle()));
  }

  /** Degrees to radians. */
  public MlxArray radians(MlxArray a) {
    return scope.adopt(Unary.RADIANS.of(a.handle()));
  }

  /** Error function. */
  public MlxArray erf(MlxArray a) {
    return scope.adopt(Unary.ERF.of(a.handle()));
  }

  /** Inverse of the error function, for (-1, 1). */
  public MlxArray erfinv(MlxArray a) {
    return scope.adopt(Unary.ERFINV.of(a.handle()));
  }

  /** exp(a) - 1, exact near 0. */
  public MlxArray expm1(MlxArray a) {
    return scope.adopt(Unary.EXPM1.of(a.handle()));
  }

  /** Logarithm to base 2. */
  public MlxArray log2(MlxArray a) {
    return scope.adopt(Unary.LOG2.of(a.handle()));
  }

  /** Logarithm to base 10. */
  public MlxArray log10(MlxArray a) {
    return scope.adopt(Unary.LOG10.of(a.handle()));
  }

  /** 1 / a. */
  public MlxArray reciprocal(MlxArray a) {
    return scope.adopt(Unary.RECIPROCAL.of(a.handle()));
  }

  /** -1, 0 or 1. */
  public MlxArray sign(MlxArray a) {
    return scope.adopt(Unary.SIGN.of(a.handle()));
  }

  /** The elements as they are. */
  public MlxArray positive(MlxArray a) {
    return scope.adopt(Unary.POSITIVE.of(a.handle()));
  }

  /** A copy of the elements. */
  public MlxArray copy(MlxArray a) {
    return scope.adopt(Unary.COPY.of(a.handle()));
  }

  /**
   * NaN and the infinities replaced; an infinity without a replacement becomes the largest finite
   * number of its sign.
   */
  public MlxArray nanToNum(
      MlxArray a, float nan, Optional<Float> positive, Optional<Float> negative) {
    return scope.adopt(MathCalls.nanToNum(a.handle(), nan, positive, negative));
  }

  /** Quotient rounded down. */
  public MlxArray floorDivide(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.FLOOR_DIVIDE.of(a.handle(), b.handle()));
  }

  /** Remainder with the sign of b, as in Python. */
  public MlxArray remainder(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.REMAINDER.of(a.handle(), b.handle()));
  }

  /** Quotient rounded down, and remainder: two arrays. */
  public List<MlxArray> divmod(MlxArray a, MlxArray b) {
    return scope.adoptAll(MathCalls.divmod(a.handle(), b.handle()));
  }

  /** The elements, constant for differentiation. */
  public MlxArray stopGradient(MlxArray a) {
    return scope.adopt(Unary.STOP_GRADIENT.of(a.handle()));
  }

  /** ln(1 + exp(a)), without overflow. */
  public MlxArray softplus(MlxArray a) {
    return scope.ops().logaddexp(a, scope.scalar(0, a.dtype()));
  }
}
