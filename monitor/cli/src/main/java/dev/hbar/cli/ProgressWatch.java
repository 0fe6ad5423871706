package dev.hbar.cli;

import dev.hbar.study.scoring.RunWatch;

/** Shows a scoring run's progress and hands signals to it. */
final class ProgressWatch implements RunWatch {
  private final Progress progress;
  private final Interrupts interrupts;

  ProgressWatch(Progress progress, Interrupts interrupts) {
    this.progress = progress;
    this.interrupts = interrupts;
  }

  @Override
  public boolean stopRequested() {
    return interrupts.requested();
  }

  @Override
  public void advanced(int done, int total, int failed) {
    progress.update(done, failed == 0 ? "" : failed + " failed");
  }
}
