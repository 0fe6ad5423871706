package dev.hbar.cli;

import dev.hbar.study.sweep.Sweep;
import java.io.PrintStream;

/** Shows a sweep's progress over all checkpoints, and hands signals to it. */
final class SweepProgress implements Sweep.Watch, AutoCloseable {
  private final Terminal terminal;
  private final PrintStream err;
  private final Interrupts interrupts;
  private final long total;
  private Progress progress;

  /**
   * @param done samples that an earlier run scored
   */
  SweepProgress(Terminal terminal, PrintStream err, Interrupts interrupts, long done, long total) {
    this.terminal = terminal;
    this.err = err;
    this.interrupts = interrupts;
    this.total = total;
    this.progress = Progress.open(terminal, err, "sweep", "samples", done, total);
  }

  @Override
  public boolean stopRequested() {
    return interrupts.requested();
  }

  @Override
  public void advanced(long done, String note) {
    progress.update(done, note);
  }

  /** A new start, as samples that took no time would spoil the estimate. */
  @Override
  public void skipped(long done) {
    progress.close();
    progress = Progress.open(terminal, err, "sweep", "samples", done, total);
  }

  @Override
  public void say(String line) {
    err.println(line);
  }

  @Override
  public void close() {
    progress.close();
  }
}
