package dev.hbar.study.sweep;

import dev.hbar.study.scoring.RunWatch;

/** Turns the progress of one stage into that of the whole sweep, and times it. */
final class StageWatch implements RunWatch {
  private final SweepWatch sweep;
  private final CostMeter costs;
  private final long before;
  private final String note;
  private int known = -1;
  private long since;

  /**
   * @param before samples of the sweep before this stage
   * @param note checkpoint and stage
   */
  StageWatch(SweepWatch sweep, CostMeter costs, long before, String note) {
    this.sweep = sweep;
    this.costs = costs;
    this.before = before;
    this.note = note;
  }

  @Override
  public boolean stopRequested() {
    return sweep.stopRequested();
  }

  @Override
  public void advanced(int done, int total, int failed) {
    long now = System.nanoTime();
    if (known >= 0) {
      costs.scored(done - known, (now - since) / 1e9);
    }
    known = done;
    since = now;
    sweep.advanced(before + done, failed == 0 ? note : note + ", " + failed + " failed");
  }
}
