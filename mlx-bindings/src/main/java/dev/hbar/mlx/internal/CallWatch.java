package dev.hbar.mlx.internal;

/**
 * Counts the calls into mlx-c and lets one of them fail, for tests: only with {@code
 * -Dhbar.mlx.traces=true}, and only this package's tests can reach it. Without the property every
 * use is dead code that the compiler drops. Owner thread only.
 */
final class CallWatch {
  static final boolean ON = Boolean.getBoolean("hbar.mlx.traces");

  private static long untilFault;
  private static long calls;
  private static long queries;

  private CallWatch() {}

  /** The status that the caller is to believe. */
  static int seen(int status) {
    calls++;
    if (untilFault == 0 || --untilFault > 0) {
      return status;
    }
    return 1;
  }

  /** A question that has no status, such as an array's shape. */
  static void query() {
    queries++;
  }

  /** Lets the n-th call from now fail; 0 switches it off. */
  static void failCall(long n) {
    untilFault = n;
  }

  /** Calls with a status so far. */
  static long calls() {
    return calls;
  }

  /** Questions so far. */
  static long queries() {
    return queries;
  }
}
