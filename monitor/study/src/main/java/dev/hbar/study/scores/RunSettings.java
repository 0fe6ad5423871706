package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.monitor.signal.SignalScores;
import java.util.List;

/**
 * What a user chose for a run, as far as it can change a score.
 *
 * @param maxTokens most tokens generated per sample
 * @param alpha weight of the drift in PRI
 * @param perToken whether every token's signals are kept
 * @param groupSize samples computed together; another size rounds differently
 * @param compute the compute policy in words (device, precision)
 * @param signals names of the scores of a sample, see {@link SignalScores#names}
 */
@JsonPropertyOrder({"max_tokens", "alpha", "per_token", "group_size", "compute", "signals"})
public record RunSettings(
    int maxTokens,
    double alpha,
    boolean perToken,
    int groupSize,
    String compute,
    List<String> signals) {

  /** Copies the list. */
  public RunSettings {
    // Files written before there was a choice do not name them.
    signals = signals == null ? SignalScores.STUDY : List.copyOf(signals);
  }
}
