package dev.hbar.mlx.internal;

/** What tests of all modules may do to native calls: count them, and let one fail. */
public final class NativeFaults {
  private NativeFaults() {}

  /** Lets the n-th native call from now fail with a typed error; 0 switches it off. */
  public static void failCall(long n) {
    CallWatch.failCall(n);
  }

  /** Questions put to arrays so far, such as for a shape; they are calls without a status. */
  public static long queries() {
    return CallWatch.queries();
  }

  /** Native calls made so far, those that free an array among them. */
  public static long calls() {
    return CallWatch.calls();
  }
}
