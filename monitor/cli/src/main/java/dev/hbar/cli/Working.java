package dev.hbar.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** Says on stderr that a computation goes on whose end cannot be foretold. */
final class Working {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private Working() {}

  /**
   * Computes something, with a line every ten seconds.
   *
   * @param work one word, for instance "report"
   */
  static <T> T on(Environment environment, String work, Supplier<T> computation) {
    return on(environment.err(), work, INTERVAL, computation);
  }

  static <T> T on(PrintWriter err, String work, Duration interval, Supplier<T> computation) {
    Thread teller = Thread.ofVirtual().start(() -> tell(err, work, interval));
    try {
      return computation.get();
    } finally {
      teller.interrupt();
    }
  }

  private static void tell(PrintWriter err, String work, Duration interval) {
    try {
      for (Duration past = interval; true; past = past.plus(interval)) {
        Thread.sleep(interval);
        err.println("%s: computing for %s s".formatted(work, past.toSeconds()));
      }
    } catch (InterruptedException done) {
      Thread.currentThread().interrupt();
    }
  }
}
