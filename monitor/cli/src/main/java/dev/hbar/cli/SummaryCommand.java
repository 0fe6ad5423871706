package dev.hbar.cli;

import dev.hbar.study.StudyException;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.report.EvidenceText;
import dev.hbar.study.report.ScorePlot;
import dev.hbar.study.report.ScoreSummary;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar summary}: what a score file says, without a model. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = "Show what a score file says: means, AUROC with interval, verdict, plot.",
    footer = {"", "Example:", "  hbar summary scores.jsonl --plot scores.png"})
final class SummaryCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      paramLabel = "FILE",
      description = "A score file made by hbar score, or a published JSON with scores.")
  private Path file = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|svg|pdf",
      description = "Also draw the distributions.")
  private Optional<Path> plot = Optional.empty();

  @Mixin private final Output output;

  @ArgGroup private View view = new View();
  @Mixin private EvidenceOptions.Resampling bootstrap = new EvidenceOptions.Resampling();

  SummaryCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(bootstrap.problem());
    if (view.chosen()) {
      view.print(environment, file, bootstrap.settings(), output);
      return ExitCodes.OK;
    }
    ScoreColumns columns = ScoreInput.read(file);
    Optional<Evidence> evidence = Working.on(environment, "summary", () -> evidence(columns));
    output.print(
        () -> new ScoreSummary(columns, evidence).json(),
        () -> new ScoreSummary(columns, evidence).text());
    plot.ifPresent(png -> draw(columns, evidence, png));
    return ExitCodes.OK;
  }

  private Optional<Evidence> evidence(ScoreColumns columns) {
    return columns.count(0) > 0 && columns.count(1) > 0
        ? Optional.of(
            new EvidenceAnalysis(columns, Map.of(), Bootstrap.Settings.NO_BOOTSTRAP).run())
        : Optional.empty();
  }

  private void draw(ScoreColumns columns, Optional<Evidence> evidence, Path png) {
    ScorePlot.write(columns, evidence, png);
    output.beside().println("plot: " + png.toAbsolutePath().normalize());
  }

  /** What {@code hbar summary} shows instead of its usual table: one of these. */
  static final class View {
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

    /** Prints the chosen view. */
    void print(Environment environment, Path file, Bootstrap.Settings settings, Output output) {
      if (evidence) {
        ScoreColumns columns = ScoreInput.read(file).requireOfEachLabel(2);
        Evidence all =
            Working.on(
                environment,
                "summary",
                () -> new EvidenceAnalysis(columns, Map.of(), settings).run());
        output.print(() -> ResultFile.json(all), () -> EvidenceText.of(all));
      } else if (tokens) {
        Trajectories rows =
            Trajectories.of(ScoreFile.read(file))
                .orElseThrow(
                    () -> new StudyException(file, "has no token rows: score with --per-token"));
        output.print(
            () -> ResultFile.json(EvidenceText.tokenMeans(rows)), () -> EvidenceText.tokens(rows));
      } else if (sample.isPresent()) {
        ScoreFile.Line line = ScoreFile.Line.of(file, sample.get());
        output.print(
            () -> ResultFile.json(line),
            () -> "line %s%n%s%n".formatted(line.number(), line.text()));
      } else {
        printShift(file, output);
      }
    }

    private void printShift(Path file, Output output) {
      Path other = against.orElseThrow();
      List<PairedShift> shifts = PairedShift.between(ScoreInput.read(other), ScoreInput.read(file));
      if (shifts.isEmpty()) {
        throw new StudyException(
            file,
            "shares fewer than three samples with "
                + other
                + "; name two runs on the same samples");
      }
      output.print(() -> ResultFile.json(shifts), () -> EvidenceText.shifts(shifts));
    }
  }
}
