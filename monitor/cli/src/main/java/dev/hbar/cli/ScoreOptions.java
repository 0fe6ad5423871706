package dev.hbar.cli;

import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scoring.ScoringRequest;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code hbar score}. */
final class ScoreOptions {
  @Mixin SampleOptions selection = new SampleOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.jsonl",
      description = "The score file; resumed if it is of the same run.")
  Path out = Path.of("");

  @Option(names = "--per-token", description = "Keep the signals of every token.")
  boolean perToken;

  @Mixin ScoringOptions scoring = new ScoringOptions();

  @Option(
      names = "--answers",
      defaultValue = "generated",
      paramLabel = "generated|given",
      description = {
        "Whose tokens are measured: those that the model generates after the question, or those of",
        "the answer in the data (default: ${DEFAULT-VALUE})."
      })
  private String answers = "generated";

  /** Whether the answers in the data are scored. */
  boolean given() {
    return answers.equals("given");
  }

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (!answers.equals("generated") && !given()) {
      return Optional.of("--answers is generated or given, not " + answers);
    }
    return selection.problem().or(scoring::problem);
  }

  /**
   * The samples that were asked for.
   *
   * @throws dev.hbar.study.dataset.DatasetException if the data cannot be used
   */
  SampleSource samples() {
    return selection.samples();
  }

  ScoringRequest request() {
    return scoring.request(perToken);
  }
}
