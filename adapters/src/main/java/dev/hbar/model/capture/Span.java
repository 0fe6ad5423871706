package dev.hbar.model.capture;

/** Which positions of a pass are captured. */
public enum Span {
  /** The last one of every row: what decoding looks at. */
  LAST,
  /** All of them. */
  ALL
}
