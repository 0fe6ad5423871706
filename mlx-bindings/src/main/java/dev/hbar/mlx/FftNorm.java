package dev.hbar.mlx;

/** How a Fourier transform of n values is scaled; the inverse undoes it. */
public enum FftNorm {
  /** The inverse is divided by n. */
  BACKWARD,
  /** Both ways are divided by the square root of n. */
  ORTHO,
  /** The transform is divided by n. */
  FORWARD;

  int code() {
    return ordinal();
  }
}
