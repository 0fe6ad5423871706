package dev.hbar.cli;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.report.EvidenceText;
import dev.hbar.study.report.ShiftTable;
import dev.hbar.study.report.TokenTable;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.SampleLine;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreFileException;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code hbar summary} shows instead of its usual table: one of these. */
final class SummaryView {
  @Option(
      names = "--evidence",
      description = "Every signal with intervals and baselines; also takes published JSON.")
  private boolean evidence;

  @Option(names = "--tokens", description = "Means of hbar_s and PRI by generated token.")
  private boolean tokens;

  @Option(
      names = "--against",
      paramLabel = "OTHER.jsonl",
      description = "How every signal of the same samples is shifted against another file.")
  private Optional<Path> against = Optional.empty();

  @Option(
      names = "--sample",
      paramLabel = "ID",
      description = "The line of one sample, with its number.")
  private Optional<String> sample = Optional.empty();

  boolean chosen() {
    return evidence || tokens || against.isPresent() || sample.isPresent();
  }

  /** The chosen view as text or JSON. */
  String of(Path file, Bootstrap.Settings settings, boolean json) {
    if (evidence) {
      Evidence all =
          new EvidenceAnalysis(ScoreInput.read(file).requireOfEachLabel(2), Map.of(), settings)
              .run();
      return json ? ResultFile.json(all) : EvidenceText.of(all);
    }
    if (tokens) {
      Trajectories rows =
          Trajectories.of(ScoreFile.read(file))
              .orElseThrow(
                  () -> new ScoreFileException(file, "has no token rows: score with --per-token"));
      return json ? ResultFile.json(TokenTable.means(rows)) : TokenTable.text(rows);
    }
    if (sample.isPresent()) {
      SampleLine line = SampleLine.of(file, sample.get());
      return json ? ResultFile.json(line) : "line %s%n%s%n".formatted(line.number(), line.text());
    }
    Path other = against.orElseThrow();
    List<PairedShift> shifts = PairedShift.between(ScoreInput.read(other), ScoreInput.read(file));
    if (shifts.isEmpty()) {
      throw new ScoreFileException(file, "shares fewer than three samples with " + other);
    }
    return json ? ResultFile.json(shifts) : ShiftTable.text(shifts);
  }
}
