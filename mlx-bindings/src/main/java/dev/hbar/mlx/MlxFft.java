package dev.hbar.mlx;

import dev.hbar.mlx.internal.FftCalls;

/**
 * Fourier transforms: n elements along an axis, cut or padded with zeros; several axes with the
 * length of each. Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxFft {
  private final MlxScope scope;

  MlxFft(MlxScope scope) {
    this.scope = scope;
  }

  /** Discrete Fourier transform along an axis, complex. */
  public MlxArray fft(MlxArray a, int n, int axis, FftNorm norm) {
    return scope.adopt(FftCalls.fft(a.handle(), n, axis, norm.code()));
  }

  /** Its inverse. */
  public MlxArray ifft(MlxArray a, int n, int axis, FftNorm norm) {
    return scope.adopt(FftCalls.ifft(a.handle(), n, axis, norm.code()));
  }

  /** Transform of real numbers: n/2 + 1 values. */
  public MlxArray rfft(MlxArray a, int n, int axis, FftNorm norm) {
    return scope.adopt(FftCalls.rfft(a.handle(), n, axis, norm.code()));
  }

  /** Its inverse: n real numbers. */
  public MlxArray irfft(MlxArray a, int n, int axis, FftNorm norm) {
    return scope.adopt(FftCalls.irfft(a.handle(), n, axis, norm.code()));
  }

  /** Transform over two axes. */
  public MlxArray fft2(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.fft2(a.handle(), n, axes, norm.code()));
  }

  /** Its inverse. */
  public MlxArray ifft2(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.ifft2(a.handle(), n, axes, norm.code()));
  }

  /** Transform of real numbers over two axes. */
  public MlxArray rfft2(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.rfft2(a.handle(), n, axes, norm.code()));
  }

  /** Its inverse. */
  public MlxArray irfft2(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.irfft2(a.handle(), n, axes, norm.code()));
  }

  /** Transform over several axes. */
  public MlxArray fftn(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.fftn(a.handle(), n, axes, norm.code()));
  }

  /** Its inverse. */
  public MlxArray ifftn(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.ifftn(a.handle(), n, axes, norm.code()));
  }

  /** Transform of real numbers over several axes. */
  public MlxArray rfftn(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.rfftn(a.handle(), n, axes, norm.code()));
  }

  /** Its inverse. */
  public MlxArray irfftn(MlxArray a, int[] n, int[] axes, FftNorm norm) {
    return scope.adopt(FftCalls.irfftn(a.handle(), n, axes, norm.code()));
  }

  /** Zero frequency moved to the middle of the axes. */
  public MlxArray fftshift(MlxArray a, int... axes) {
    return scope.adopt(FftCalls.fftshift(a.handle(), axes));
  }

  /** Zero frequency moved back to the start. */
  public MlxArray ifftshift(MlxArray a, int... axes) {
    return scope.adopt(FftCalls.ifftshift(a.handle(), axes));
  }

  /** Frequencies of n values at distance d. */
  public MlxArray fftfreq(int n, double d) {
    return scope.adopt(FftCalls.fftfreq(n, d));
  }

  /** Frequencies of a real transform of n values at distance d. */
  public MlxArray rfftfreq(int n, double d) {
    return scope.adopt(FftCalls.rfftfreq(n, d));
  }
}
