package dev.hbar.run;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What a user chose for a run, as far as it can change a score.
 *
 * @param task the dataset's task
 * @param skip records left out at the start
 * @param records records used
 * @param maxTokens most tokens generated per sample
 * @param alpha weight of the drift in PRI
 * @param perToken whether every token's signals are kept
 * @param groupSize samples computed together; another size rounds differently
 * @param compute the compute policy in words (device, precision)
 */
@JsonPropertyOrder({
  "task",
  "skip",
  "records",
  "max_tokens",
  "alpha",
  "per_token",
  "group_size",
  "compute"
})
public record RunSettings(
    String task,
    int skip,
    int records,
    int maxTokens,
    double alpha,
    boolean perToken,
    int groupSize,
    String compute) {}
