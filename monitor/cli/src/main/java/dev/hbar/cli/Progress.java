package dev.hbar.cli;

import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.sweep.Sweep;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress of a long piece of work on stderr, with its rate and the time left. */
sealed interface Progress extends AutoCloseable {
  /**
   * Shows how far the work is.
   *
   * @param done units done now, those of an earlier run included
   * @param note a few words behind the numbers, may be empty
   */
  void update(long done, String note);

  @Override
  void close();

  /**
   * A moving bar on a terminal, an occasional line elsewhere.
   *
   * @param task one word, for instance "score"
   * @param unit plural, for instance "samples"
   * @param done units done before this run; they do not count for the rate
   * @param total all units
   */
  static Progress open(Environment environment, String task, String unit, long done, long total) {
    return environment.terminal().err()
        ? new Bar(environment, task, unit, done, total)
        : new Lines(environment.err(), task, unit, done, total, environment.nanoTime());
  }

  /**
   * A run over samples, whose progress is shown and which a signal stops.
   *
   * @param resume how the run is taken up again
   */
  static Watch watch(
      Environment environment,
      Interrupts interrupts,
      String task,
      String resume,
      long done,
      long total) {
    Watch watch = new Watch(environment, interrupts, task, done, total);
    interrupts.cutLongSteps(() -> interrupted(watch.done, total, resume));
    return watch;
  }

  /** What is said of a run that was stopped. */
  static String interrupted(long done, long total, String resume) {
    return "interrupted after %s of %s samples; %s".formatted(done, total, resume);
  }

  /** Progress in samples, and the signals that came. */
  static final class Watch implements SampleRunner.Watch, Sweep.Watch, AutoCloseable {
    private final LongFunction<Progress> start;
    private final PrintWriter err;
    private final Interrupts interrupts;
    private volatile long done;
    private Progress shown;

    private Watch(
        Environment environment, Interrupts interrupts, String task, long done, long total) {
      this.start = from -> open(environment, task, "samples", from, total);
      this.err = environment.err();
      this.interrupts = interrupts;
      this.done = done;
      this.shown = start.apply(done);
    }

    @Override
    public boolean stopRequested() {
      return interrupts.requested();
    }

    @Override
    public void advanced(int done, int total, int failed) {
      advanced((long) done, failed == 0 ? "" : failed + " failed");
    }

    @Override
    public void advanced(long now, String note) {
      done = now;
      shown.update(now, note);
    }

    /** A new start, as samples that took no time would spoil the estimate. */
    @Override
    public void skipped(long now) {
      done = now;
      shown.close();
      shown = start.apply(now);
    }

    @Override
    public void say(String line) {
      err.println(line);
    }

    @Override
    public void close() {
      shown.close();
    }
  }

  /** A bar that redraws itself on one line of a terminal. */
  static final class Bar implements Progress {
    private final Environment environment;
    private final ProgressBar bar;

    Bar(Environment environment, String task, String unit, long done, long total) {
      this.environment = environment;
      environment.bar(true);
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(" " + unit, 1)
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
              .setConsumer(new OpenLine(environment.screen()))
              .showSpeed(new DecimalFormat("0.00", DecimalFormatSymbols.getInstance(Locale.ROOT)))
              .build();
    }

    @Override
    public void update(long done, String note) {
      bar.stepTo(done);
      bar.setExtraMessage(note.isEmpty() ? "" : ", " + note);
    }

    @Override
    public void close() {
      environment.bar(false);
      bar.close();
      environment.screen().println();
      environment.screen().flush();
    }

    /**
     * Leaves the line's end to the bar: the library forgets it if its first drawing is the last.
     */
    private static final class OpenLine extends ConsoleProgressBarConsumer {
      OpenLine(PrintStream screen) {
        super(screen);
      }

      @Override
      public void close() {}
    }
  }

  /** Plain lines for a log file or a pipe: the first, the last, and one every ten seconds. */
  static final class Lines implements Progress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter err;
    private final String task;
    private final String unit;
    private final long before;
    private final long total;
    private final LongSupplier nanoTime;
    private final long start;
    private long lastShown;

    Lines(PrintWriter err, String task, String unit, long done, long total, LongSupplier nanoTime) {
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
}
