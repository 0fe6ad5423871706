package dev.hbar.cli;

import dev.hbar.dataset.HaluEvalTask;
import dev.hbar.run.ScoringRequest;
import dev.hbar.signal.RuptureIndex;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options of {@code hbar score}. */
final class ScoreOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "HaluEval records, one JSON object per line.")
  Path data = Path.of("");

  @Option(
      names = "--task",
      required = true,
      converter = TaskConverter.class,
      paramLabel = "TASK",
      description = "qa, dialogue or summarization.")
  HaluEvalTask task = HaluEvalTask.QA;

  @Option(
      names = "--skip",
      defaultValue = "0",
      paramLabel = "K",
      description = "Leave out the first K records (default: ${DEFAULT-VALUE}).")
  int skip;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use at most N records, two samples each (default: all).")
  Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.jsonl",
      description = "The score file; resumed if it is of the same run.")
  Path out = Path.of("");

  @Option(
      names = "--max-tokens",
      defaultValue = "20",
      paramLabel = "N",
      description = "Most tokens generated per sample (default: ${DEFAULT-VALUE}).")
  int maxTokens;

  @Option(
      names = "--alpha",
      defaultValue = "" + RuptureIndex.ALPHA,
      paramLabel = "A",
      description = "Weight of the hidden drift in PRI (default: ${DEFAULT-VALUE}).")
  double alpha;

  @Option(names = "--per-token", description = "Keep the signals of every token.")
  boolean perToken;

  @Option(
      names = "--batch",
      defaultValue = "auto",
      converter = GroupSizeConverter.class,
      paramLabel = "N|auto",
      description = "Samples computed together (default: ${DEFAULT-VALUE}).")
  OptionalInt groupSize = OptionalInt.empty();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (skip < 0) {
      return Optional.of("--skip must not be negative");
    }
    if (limit.isPresent() && limit.get() < 1) {
      return Optional.of("--limit must be at least 1");
    }
    if (maxTokens < 1) {
      return Optional.of("--max-tokens must be at least 1");
    }
    return Double.isFinite(alpha) && alpha >= 0
        ? Optional.empty()
        : Optional.of("--alpha must be a number from 0");
  }

  OptionalInt recordLimit() {
    return limit.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  ScoringRequest request() {
    return new ScoringRequest(maxTokens, alpha, perToken, groupSize);
  }
}
