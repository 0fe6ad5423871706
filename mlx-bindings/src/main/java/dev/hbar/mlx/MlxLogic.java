package dev.hbar.mlx;

import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.LogicCalls;
import dev.hbar.mlx.internal.Unary;

/**
 * Predicates, comparisons and bits that {@link MlxOps} does not have; arrays broadcast as in NumPy.
 * Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxLogic {
  private final MlxScope scope;

  MlxLogic(MlxScope scope) {
    this.scope = scope;
  }

  /** True for NaN. */
  public MlxArray isNan(MlxArray a) {
    return scope.adopt(Unary.ISNAN.of(a.handle()));
  }

  /** True for either infinity. */
  public MlxArray isInf(MlxArray a) {
    return scope.adopt(Unary.ISINF.of(a.handle()));
  }

  /** True for minus infinity. */
  public MlxArray isNegInf(MlxArray a) {
    return scope.adopt(Unary.ISNEGINF.of(a.handle()));
  }

  /** True for plus infinity. */
  public MlxArray isPosInf(MlxArray a) {
    return scope.adopt(Unary.ISPOSINF.of(a.handle()));
  }

  /** True where the elements differ. */
  public MlxArray notEqual(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.NOT_EQUAL.of(a.handle(), b.handle()));
  }

  /** True where exactly one is true. */
  public MlxArray logicalXor(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.LOGICAL_XOR.of(a.handle(), b.handle()));
  }

  /** True where |a - b| is at most absolute + relative * |b|. */
  public MlxArray isClose(MlxArray a, MlxArray b, double rtol, double atol, boolean equalNan) {
    return scope.adopt(LogicCalls.isClose(a.handle(), b.handle(), rtol, atol, equalNan));
  }

  /** A scalar: whether all elements are close. */
  public MlxArray allClose(MlxArray a, MlxArray b, double rtol, double atol, boolean equalNan) {
    return scope.adopt(LogicCalls.allClose(a.handle(), b.handle(), rtol, atol, equalNan));
  }

  /** A scalar: whether shapes and all elements agree. */
  public MlxArray arrayEqual(MlxArray a, MlxArray b, boolean equalNan) {
    return scope.adopt(LogicCalls.arrayEqual(a.handle(), b.handle(), equalNan));
  }

  /** Bits set in both. */
  public MlxArray bitwiseAnd(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.BITWISE_AND.of(a.handle(), b.handle()));
  }

  /** Bits set in either. */
  public MlxArray bitwiseOr(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.BITWISE_OR.of(a.handle(), b.handle()));
  }

  /** Bits set in exactly one. */
  public MlxArray bitwiseXor(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.BITWISE_XOR.of(a.handle(), b.handle()));
  }

  /** All bits flipped. */
  public MlxArray bitwiseInvert(MlxArray a) {
    return scope.adopt(Unary.BITWISE_INVERT.of(a.handle()));
  }

  /** Bits moved b places up. */
  public MlxArray leftShift(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.LEFT_SHIFT.of(a.handle(), b.handle()));
  }

  /** Bits moved b places down. */
  public MlxArray rightShift(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.RIGHT_SHIFT.of(a.handle(), b.handle()));
  }
}
