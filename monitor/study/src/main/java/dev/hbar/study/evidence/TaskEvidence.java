package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.List;

/**
 * The signals on the samples of one task.
 *
 * @param task its name
 * @param samples scored samples of it
 * @param hallucinated how many of them are labelled 1
 * @param records they come from
 * @param signals as in {@link Evidence#signals()}; empty if the task lacks a label
 */
public record TaskEvidence(
    String task, int samples, int hallucinated, int records, List<Signal> signals) {
  /**
   * One signal on these samples, read in the direction it has for all tasks.
   *
   * @param signal its name
   * @param auroc by record
   * @param pairs the two answers of a record
   */
  public record Signal(String signal, Estimate auroc, PairAccuracy pairs) {}

  /** Copies the list. */
  public TaskEvidence {
    signals = List.copyOf(signals);
  }
}
