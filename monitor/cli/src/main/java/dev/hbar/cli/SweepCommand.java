package dev.hbar.cli;

import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.ranks.FirstRank;
import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.ranks.Ranks;
import dev.hbar.study.report.SweepTable;
import dev.hbar.study.report.page.StudyReport;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.Sweep;
import dev.hbar.study.sweep.SweepHelp;
import dev.hbar.study.sweep.SweepPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar sweep}: the whole study over several checkpoints. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Score, calibrate, validate several checkpoints one by one; write a report.",
    footer = {
      "",
      "Example:",
      "  hbar sweep .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval --calibrate 20 --validate 40 --out sweep",
      "",
      "Stop it at any time; the same command with --resume continues where it stopped."
    })
final class SweepCommand implements Callable<Integer> {
  private static final String RESUME = "the same command with --resume continues it";

  private final ScoringBackend backend;
  private final Environment environment;

  @Parameters(
      arity = "1..*",
      paramLabel = "CHECKPOINT",
      description = "Folders, or ORG/NAME[@REVISION].")
  private List<String> checkpoints = List.of();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the qa, dialogue and summarization files.")
  private Path data = Path.of("");

  @Option(
      names = "--calibrate",
      defaultValue = "200",
      paramLabel = "N",
      description = "Samples of the training set (default: ${DEFAULT-VALUE}).")
  private int calibrate;

  @Option(
      names = "--validate",
      defaultValue = "500",
      paramLabel = "N",
      description = "Samples of the test set (default: ${DEFAULT-VALUE}).")
  private int validate;

  @Mixin private SampleOptions.Drawing.Rule protocol = new SampleOptions.Drawing.Rule();
  @Mixin private ScoreCommand.Scoring scoring = new ScoreCommand.Scoring();

  @Option(
      names = "--max-failures",
      defaultValue = "0.02",
      paramLabel = "SHARE",
      description =
          "A checkpoint of whose samples a larger share failed is not calibrated (default: "
              + "${DEFAULT-VALUE}).")
  private double mostFailures;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Gets sweep.json, a folder for every checkpoint, and report.html.")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "Go on with the sweep that is in --out.")
  private boolean resume;

  @Mixin private final Output output;

  SweepCommand(Environment environment, ScoringBackend backend) {
    this.environment = environment;
    this.output = new Output(environment);
    this.backend = backend;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(problem());
    Optional<Ranks> ranks = Ranks.of(environment.variables());
    return ranks.filter(Ranks::helps).isPresent() ? help(ranks.get()) : lead(ranks);
  }

  /** Scores for rank 0, which writes all files. */
  private int help(Ranks ranks) {
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        SweepHelp help = new SweepHelp(backend, plan())) {
      environment.err().println(ranks.done(new OtherRank(ranks, interrupts::end).run(help)));
      return ExitCodes.OK;
    }
  }

  private int lead(Optional<Ranks> ranks) {
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        Crew crew = FirstRank.of(ranks, environment.err()::println)) {
      Sweep sweep = new Sweep(backend, plan(), resume, crew);
      List<Sweep.Result> results = run(sweep, interrupts);
      print(results);
      if (results.size() < checkpoints.size()) {
        environment
            .err()
            .println("hbar: " + Progress.interrupted(sweep.recorded(), sweep.total(), RESUME));
        return interrupts.exitCode();
      }
      if (results.stream().anyMatch(Sweep.Result.Finished.class::isInstance)) {
        report();
      }
      return exitCode(results);
    }
  }

  private List<Sweep.Result> run(Sweep sweep, Interrupts interrupts) {
    try (Progress.Watch progress =
        Progress.watch(environment, interrupts, "sweep", RESUME, sweep.recorded(), sweep.total())) {
      return sweep.run(progress);
    }
  }

  private void print(List<Sweep.Result> results) {
    output.print(
        () -> ResultFile.json(new SweepTable(results).rows()),
        () -> new SweepTable(results).text());
  }

  private void report() {
    Path page = out.resolve("report.html");
    StudyReport report;
    try {
      report = StudyReport.of(out, Bootstrap.Settings.DEFAULT);
    } catch (Calibration.UnusableScores noModel) {
      // With a larger --max-failures a sweep takes what a report does not.
      environment.err().println("no report: " + noModel.getMessage());
      return;
    }
    report.write(page);
    PrintWriter target = output.beside();
    target.println("report: " + page.toAbsolutePath().normalize());
    target.flush();
  }

  private static int exitCode(List<Sweep.Result> results) {
    List<Sweep.Result.Failed> failed =
        results.stream()
            .filter(Sweep.Result.Failed.class::isInstance)
            .map(Sweep.Result.Failed.class::cast)
            .toList();
    if (!failed.isEmpty()) {
      String reasons =
          failed.stream()
              .map(each -> each.name() + " (" + each.reason() + ")")
              .collect(Collectors.joining("; "));
      throw new CommandException(
          "%s of %s checkpoints failed: %s".formatted(failed.size(), results.size(), reasons));
    }
    return ExitCodes.OK;
  }

  /** The first value that makes no sense, if any. */
  private Optional<String> problem() {
    if (calibrate < 1 || validate < 1) {
      return Optional.of("--calibrate and --validate must be at least 1");
    }
    return mostFailures >= 0 && mostFailures <= 1
        ? scoring.problem()
        : Optional.of("--max-failures must be a share from 0 to 1");
  }

  /**
   * The plan; call only without a problem. Scores keep every token: tables are made of them later.
   *
   * @throws dev.hbar.study.StudyException if the data cannot be used
   */
  private SweepPlan plan() {
    HaluEvalFolder folder = HaluEvalFolder.open(data);
    return new SweepPlan(
        checkpoints,
        folder.samples(protocol.draw(folder, Draw.Partition.TRAIN, calibrate, "--calibrate: ")),
        folder.samples(protocol.draw(folder, Draw.Partition.TEST, validate, "--validate: ")),
        protocol.seed(),
        scoring.request(true),
        mostFailures,
        Bootstrap.Settings.DEFAULT,
        out);
  }
}
