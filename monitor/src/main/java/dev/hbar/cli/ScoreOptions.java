package dev.hbar.cli;

import dev.hbar.dataset.HaluEvalFolder;
import dev.hbar.dataset.HaluEvalSlice;
import dev.hbar.dataset.HaluEvalTask;
import dev.hbar.dataset.SampleSource;
import dev.hbar.run.ScoringRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code hbar score}. */
final class ScoreOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE|DIR",
      description = {
        "HaluEval records, one JSON object per line; with --protocol the folder that holds the",
        "qa, dialogue and summarization files."
      })
  Path data = Path.of("");

  @Option(
      names = "--task",
      converter = TaskConverter.class,
      paramLabel = "TASK",
      description = "The task of a single file: qa, dialogue or summarization.")
  Optional<HaluEvalTask> task = Optional.empty();

  @Option(
      names = "--skip",
      defaultValue = "0",
      paramLabel = "K",
      description = "With --task: leave out the first K records (default: ${DEFAULT-VALUE}).")
  int skip;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --task: use at most N records, two samples each (default: all).")
  Optional<Integer> limit = Optional.empty();

  @Mixin DrawOptions draw = new DrawOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.jsonl",
      description = "The score file; resumed if it is of the same run.")
  Path out = Path.of("");

  @Option(names = "--per-token", description = "Keep the signals of every token.")
  boolean perToken;

  @Mixin ScoringOptions scoring = new ScoringOptions();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (task.isPresent() == draw.given()) {
      return Optional.of("give either --task, or --set and --n (with --protocol)");
    }
    if (skip < 0) {
      return Optional.of("--skip must not be negative");
    }
    if (limit.isPresent() && limit.get() < 1) {
      return Optional.of("--limit must be at least 1");
    }
    if (draw.given() && (skip > 0 || limit.isPresent())) {
      return Optional.of("--skip and --limit go with --task; a protocol has --n");
    }
    return scoring.problem().or(() -> draw.given() ? draw.problem() : Optional.empty());
  }

  /**
   * The samples that were asked for.
   *
   * @throws dev.hbar.dataset.DatasetException if the data cannot be used
   */
  SampleSource samples() {
    OptionalInt most = limit.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return task.isPresent()
        ? HaluEvalSlice.of(data, task.get(), skip, most)
        : draw.samples(HaluEvalFolder.open(data));
  }

  ScoringRequest request() {
    return scoring.request(perToken);
  }
}
