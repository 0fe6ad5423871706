package dev.hbar.cli;

/** Exit codes that scripts rely on. */
final class ExitCodes {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int CHECK_DID_NOT_HOLD = 3;
  static final int INTERRUPTED = 130;
  static final int TERMINATED = 143;

  private ExitCodes() {}
}
