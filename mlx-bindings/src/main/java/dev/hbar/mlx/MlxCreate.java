package dev.hbar.mlx;

import dev.hbar.mlx.internal.CreateCalls;
import dev.hbar.mlx.internal.ScalarCalls;
import dev.hbar.mlx.internal.Unary;

/**
 * Arrays from nothing but a shape or a rule. Results belong to the scope this was taken from. Owner
 * thread only.
 */
public final class MlxCreate {
  private final MlxScope scope;

  MlxCreate(MlxScope scope) {
    this.scope = scope;
  }

  /** Ones. */
  public MlxArray ones(int[] shape, DType dtype) {
    return scope.adopt(CreateCalls.ones(shape, dtype));
  }

  /** Ones in the shape and type of a. */
  public MlxArray onesLike(MlxArray a) {
    return scope.adopt(Unary.ONES_LIKE.of(a.handle()));
  }

  /** Ones in the shape of a. */
  public MlxArray onesLike(MlxArray a, DType dtype) {
    return scope.adopt(CreateCalls.onesLike(a.handle(), dtype));
  }

  /** Zeros in the shape and type of a. */
  public MlxArray zerosLike(MlxArray a) {
    return scope.adopt(Unary.ZEROS_LIKE.of(a.handle()));
  }

  /** Zeros in the shape of a. */
  public MlxArray zerosLike(MlxArray a, DType dtype) {
    return scope.adopt(CreateCalls.zerosLike(a.handle(), dtype));
  }

  /** The values, broadcast to the shape of a. */
  public MlxArray fullLike(MlxArray a, MlxArray vals, DType dtype) {
    return scope.adopt(CreateCalls.fullLike(a.handle(), vals.handle(), dtype));
  }

  /** An [n, m] matrix with ones on diagonal k. */
  public MlxArray eye(int n, int m, int k, DType dtype) {
    return scope.adopt(CreateCalls.eye(n, m, k, dtype));
  }

  /** The [n, n] identity matrix. */
  public MlxArray identity(int n, DType dtype) {
    return scope.adopt(CreateCalls.identity(n, dtype));
  }

  /** An [n, m] matrix with ones on and below diagonal k. */
  public MlxArray tri(int n, int m, int k, DType dtype) {
    return scope.adopt(CreateCalls.tri(n, m, k, dtype));
  }

  /** Numbers at even distance from start to stop, stop included. */
  public MlxArray linspace(double start, double stop, int count, DType dtype) {
    return scope.adopt(CreateCalls.linspace(start, stop, count, dtype));
  }

  /** Numbers at even distance; stop is the last where endpoint. */
  public MlxArray linspace(double start, double stop, int count, boolean endpoint, DType dtype) {
    return scope.adopt(CreateCalls.linspace(start, stop, count, endpoint, dtype));
  }

  /** Triangular window of so many points. */
  public MlxArray bartlett(int size) {
    return scope.adopt(CreateCalls.bartlett(size));
  }

  /** Blackman window of so many points. */
  public MlxArray blackman(int size) {
    return scope.adopt(CreateCalls.blackman(size));
  }

  /** Hamming window of so many points. */
  public MlxArray hamming(int size) {
    return scope.adopt(CreateCalls.hamming(size));
  }

  /** Hann window of so many points. */
  public MlxArray hanning(int size) {
    return scope.adopt(CreateCalls.hanning(size));
  }

  /** A bool scalar. */
  public MlxArray scalar(boolean value) {
    return scope.adopt(ScalarCalls.of(value));
  }

  /** An int32 scalar. */
  public MlxArray scalar(int value) {
    return scope.adopt(ScalarCalls.of(value));
  }

  /** A float32 scalar. */
  public MlxArray scalar(float value) {
    return scope.adopt(ScalarCalls.of(value));
  }

  /** A float64 scalar, for a CPU only: Metal has no such numbers. */
  public MlxArray scalar(double value) {
    return scope.adopt(ScalarCalls.of(value));
  }

  /** A complex64 scalar. */
  public MlxArray complex(float real, float imaginary) {
    return scope.adopt(ScalarCalls.of(real, imaginary));
  }
}
