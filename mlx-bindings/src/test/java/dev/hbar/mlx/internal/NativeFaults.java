package dev.hbar.mlx.internal;

/** What tests of all modules may do to native calls: count them, and let one fail. */
public final class NativeFaults {
  private NativeFaults() {}

  /** Lets the n-th native call from now fail with a typed error; 0 switches it off. */
  public static void failCall(long n) {
    CallWatch.failCall(n);
  }

  /** Native calls made so far. */
  public static long calls() {
    return CallWatch.calls();
  }
}
