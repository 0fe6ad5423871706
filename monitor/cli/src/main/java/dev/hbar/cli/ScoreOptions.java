package dev.hbar.cli;

import dev.hbar.study.dataset.CustomDataset;
import dev.hbar.study.dataset.DatasetReader;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scoring.ScoringRequest;
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
        "Records, one JSON object per line (or one JSON array); with --protocol the folder that",
        "holds HaluEval's qa, dialogue and summarization files."
      })
  Path data = Path.of("");

  @Option(
      names = "--task",
      converter = TaskConverter.class,
      paramLabel = "TASK",
      description = {
        "What a single file holds: qa, dialogue or summarization of HaluEval; truthfulqa, halluqa,",
        "nq, fever; custom (with --template)."
      })
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "With --task custom: the prompt, with a {field} for each field of a record.")
  private Optional<Path> template = Optional.empty();

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
    boolean custom = task.isPresent() && task.get().equals(CustomDataset.ID);
    if (custom != template.isPresent()) {
      return Optional.of("--template FILE goes with --task custom");
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
   * @throws dev.hbar.study.dataset.DatasetException if the data cannot be used
   */
  SampleSource samples() {
    OptionalInt most = limit.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return task.isPresent()
        ? reader(task.get()).read(data, skip, most)
        : draw.samples(HaluEvalFolder.open(data));
  }

  private DatasetReader reader(String name) {
    return template.isPresent() ? CustomDataset.of(template.get()) : TaskConverter.reader(name);
  }

  ScoringRequest request() {
    return scoring.request(perToken);
  }
}
