package dev.hbar.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Plain lines for a log file or a pipe: the first, the last, and one every ten seconds. */
final class ProgressLines implements Progress {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintStream err;
  private final String task;
  private final String unit;
  private final long before;
  private final long total;
  private final LongSupplier nanoTime;
  private final long start;
  private long lastShown;

  ProgressLines(
      PrintStream err, String task, String unit, long done, long total, LongSupplier nanoTime) {
    this.err = err;
    this.task = task;
    this.unit = unit;
    this.before = done;
    this.total = total;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.lastShown = start - INTERVAL_NANOS;
  }

  @Override
  public void update(long done, String note) {
    long now = nanoTime.getAsLong();
    if (now - lastShown < INTERVAL_NANOS && done < total) {
      return;
    }
    lastShown = now;
    String line = "%s: %s of %s %s%s".formatted(task, done, total, unit, pace(done, now));
    err.println(note.isEmpty() ? line : line + ", " + note);
  }

  @Override
  public void close() {
    err.flush();
  }

  private String pace(long done, long now) {
    long fresh = done - before;
    if (fresh <= 0) {
      return "";
    }
    double secondsEach = (now - start) / 1e9 / fresh;
    // A size has a speed, a piece of work takes its time.
    String rate =
        unit.endsWith("B")
            ? String.format(Locale.ROOT, ", %.1f %s/s", 1 / secondsEach, unit)
            : String.format(Locale.ROOT, ", %.2f s each", secondsEach);
    return done == total
        ? rate
        : rate + ", about " + duration(Math.round(secondsEach * (total - done))) + " left";
  }

  private static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = (seconds + 30) / 60;
    return minutes < 60
        ? minutes + " min"
        : String.format(Locale.ROOT, "%s h %02d min", minutes / 60, minutes % 60);
  }
}
