package dev.hbar.study.sweep;

import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.ScoringBackend;
import java.nio.file.Path;

/** Sums up what a checkpoint costs and keeps the file up to date. */
final class CostMeter {
  private final Path file;
  private final ScoringBackend backend;
  private Costs sum;

  CostMeter(Path file, ScoringBackend backend) {
    this.file = file;
    this.backend = backend;
    this.sum = Costs.read(file);
  }

  Costs sum() {
    return sum;
  }

  void loaded(String compute, double seconds, long activeBefore) {
    keep(sum.loaded(compute, seconds, activeBefore));
  }

  void scored(int samples, double seconds) {
    keep(sum.scored(samples, seconds, backend.memory().peak()));
  }

  void givenBack(long active) {
    keep(sum.givenBack(active));
  }

  private void keep(Costs costs) {
    sum = costs;
    ResultFile.write(file, costs);
  }
}
