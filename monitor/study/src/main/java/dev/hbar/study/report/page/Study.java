package dev.hbar.study.report.page;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.Costs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The models that a report is about.
 *
 * @param folder that holds the scores
 * @param models at least one, in the order of {@link Model#NAME_ORDER}
 * @param leftOut why other models are not included, one line each
 * @param settings of the bootstrap
 */
record Study(Path folder, List<Model> models, List<String> leftOut, Bootstrap.Settings settings) {
  private static final Map<String, String> LABELS =
      Map.of(Signal.HBAR.id(), "hbar_s", Signal.PRI.id(), "PRI");

  /** Copies the lists. */
  Study {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }

  /** Reads the study in a folder. */
  static Study read(Path folder, Bootstrap.Settings settings) {
    return new Reader(settings).read(folder);
  }

  /** The models that have parameters. */
  List<Model> judged() {
    return models.stream().filter(model -> model.judged().isPresent()).toList();
  }

  /** The command that computes a model's figures from its score files. */
  String command(Model model) {
    String scores = word(model.file());
    return model
        .calibration()
        .map(
            calibration ->
                "hbar calibrate --scores %s --out params.json%s && hbar validate --scores %s --params params.json --out result.json --json%s"
                    .formatted(word(calibration), options(), scores, options()))
        .orElse("hbar summary %s --evidence --json%s".formatted(scores, options()));
  }

  /** The commands of all models, one line each. */
  String commands() {
    return String.join("\n", models.stream().map(this::command).toList());
  }

  /** A file of the study as one word of a POSIX shell that stands in the study's folder. */
  String word(Path file) {
    return shellWord(folder.relativize(file).toString());
  }

  private static String shellWord(String text) {
    return text.matches("[A-Za-z0-9._/+@%=:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** The name of a signal as it is printed in the report. */
  static String label(String signal) {
    return LABELS.getOrDefault(signal, signal);
  }

  /** The options of a command that differ from its defaults. */
  String options() {
    return settings.equals(Bootstrap.Settings.DEFAULT)
        ? ""
        : " --resamples %s --seed %s".formatted(settings.resamples(), settings.seed());
  }

  /**
   * One model, with all results computed again from its score files.
   *
   * @param name of its folder, or of its only file
   * @param calibration score file that it was calibrated on
   * @param file score file that it is validated on
   * @param validation scores of that file, with the joint probability if there are parameters
   * @param evidence on the validation scores
   * @param judged parameters and their validation, if there is a calibration file
   * @param trajectories signals by token index; empty without token rows
   * @param costs of the run that scored it
   */
  record Model(
      String name,
      Optional<Path> calibration,
      Path file,
      ScoreColumns validation,
      Evidence evidence,
      Optional<Judged> judged,
      Optional<Trajectories> trajectories,
      Optional<Costs> costs) {
    private static final Pattern BITS =
        Pattern.compile("[-_]?(\\d{1,2})[-_]?bit", Pattern.CASE_INSENSITIVE);

    private static final Comparator<String> MOST_BITS_FIRST =
        Comparator.comparingInt(Model::bits).reversed();

    /**
     * Orders names so that models that differ only in their bits stand together, the most bits
     * first: the others are compared with the first. Bits are read from the name as mlx-community
     * writes them, {@code NAME-4bit}; a model without them in its name is not quantized.
     */
    static final Comparator<String> NAME_ORDER =
        Comparator.comparing((String name) -> BITS.matcher(name).replaceAll(""))
            .thenComparing(MOST_BITS_FIRST)
            .thenComparing(Comparator.naturalOrder());

    private static int bits(String name) {
      Matcher matcher = BITS.matcher(name);
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }

    /** Parameters from the calibration file and their validation. */
    record Judged(Parameters parameters, Validation validation) {}

    /** Which side of a signal is risky. */
    Polarity polarity(String signal) {
      return judged
          .map(each -> each.parameters().polarityOf(signal))
          .orElseGet(() -> Signal.of(signal).risky());
    }

    /** The calibrated threshold on hbar_s or PRI; empty without parameters. */
    OptionalDouble threshold(String signal) {
      return judged
          .map(Judged::parameters)
          .map(found -> signal.equals(Signal.PRI.id()) ? found.tauPri() : found.tauHbar())
          .map(OptionalDouble::of)
          .orElse(OptionalDouble.empty());
    }

    /** The values of a signal, oriented so that higher is riskier. */
    double[] oriented(String signal) {
      return polarity(signal).orient(validation.column(signal));
    }

    Model with(Evidence corrected) {
      return new Model(name, calibration, file, validation, corrected, judged, trajectories, costs);
    }
  }

  /**
   * Reads the folder of a study: one sub-folder per model, as {@code hbar sweep} writes them, or
   * score files next to each other. Parameters and results are computed again from the scores.
   */
  static final class Reader {
    private static final String VALIDATION = "validation.jsonl";
    private static final double MOST_FAILED = 0.02;
    private static final String CALIBRATION = "calibration.jsonl";

    private final Bootstrap.Settings settings;
    private final List<String> leftOut = new ArrayList<>();

    Reader(Bootstrap.Settings settings) {
      this.settings = settings;
    }

    /**
     * Reads the study; models that are incomplete or failed too often are left out and named.
     *
     * @throws Calibration.UnusableScores if there is none
     */
    Study read(Path folder) {
      List<Model> models = new ArrayList<>();
      // The folder of one model: its calibration, parameters and result are no models of their own.
      boolean single = Files.isRegularFile(folder.resolve(VALIDATION));
      for (Path entry : single ? List.of(folder) : entries(folder)) {
        try {
          model(entry).ifPresent(models::add);
        } catch (Calibration.UnusableScores unusable) {
          leftOut.add(unusable.getMessage());
        }
      }
      if (models.isEmpty()) {
        throw new Calibration.UnusableScores(
            folder.toString(),
            leftOut.isEmpty()
                ? "holds no model: neither folders with a validation.jsonl, as hbar sweep leaves"
                    + " them, nor score files"
                : "holds no model that can be used: " + leftOut.getFirst());
      }
      models.sort(Comparator.comparing(Model::name, Model.NAME_ORDER));
      // A page says nothing of the machine that it was made on.
      List<String> reasons = leftOut.stream().map(each -> each.replace(folder + "/", "")).toList();
      return new Study(folder, together(models), reasons, settings);
    }

    /** Corrects the p values of all models together, because they test the same hypotheses. */
    private static List<Model> together(List<Model> models) {
      List<Evidence> corrected = Evidence.together(models.stream().map(Model::evidence).toList());
      return IntStream.range(0, models.size())
          .mapToObj(i -> models.get(i).with(corrected.get(i)))
          .toList();
    }

    private Optional<Model> model(Path entry) {
      if (Files.isRegularFile(entry.resolve(VALIDATION))) {
        return Optional.of(ofFolder(entry));
      }
      if (Files.isRegularFile(entry.resolve(CALIBRATION))) {
        leftOut.add(entry + ": has no " + VALIDATION + "; continue with hbar sweep --resume");
        return Optional.empty();
      }
      boolean scores = entry.getFileName().toString().endsWith(".jsonl") || published(entry);
      return scores ? Optional.of(ofFile(entry)) : Optional.empty();
    }

    /** Reads scores that are complete and have as few failures as the printed commands require. */
    private static ScoreColumns scores(Path file) {
      ScoreColumns scores = ScoreInput.read(file);
      ScoreChecks.requireComplete(scores);
      ScoreChecks.requireFewFailures(scores, MOST_FAILED);
      return scores;
    }

    private static List<Path> entries(Path folder) {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.sorted().toList();
      } catch (IOException e) {
        throw new StudyException(folder, "is not a folder that can be read; name another");
      }
    }

    private static boolean published(Path file) {
      return file.getFileName().toString().endsWith(".json")
          && ResultFile.read(file).has("scores_by_sample");
    }

    private Model ofFolder(Path folder) {
      Path file = folder.resolve(VALIDATION);
      Path calibration = folder.resolve(CALIBRATION);
      String name = folder.toAbsolutePath().normalize().getFileName().toString();
      Optional<Costs> costs =
          Optional.of(folder.resolve("costs.json"))
              .filter(Files::isRegularFile)
              .map(path -> ResultFile.bind(path, ResultFile.read(path), Costs.class));
      return Files.isRegularFile(calibration)
          ? judged(name, calibration, file, costs)
          : unjudged(name, file, costs);
    }

    private Model ofFile(Path file) {
      String name = file.getFileName().toString().replaceFirst("\\.jsonl?$", "");
      return unjudged(name, file, Optional.empty());
    }

    private Model judged(String name, Path calibration, Path file, Optional<Costs> costs) {
      Parameters parameters =
          Calibration.of(scores(calibration), Calibration.PolarityRule.STUDY, settings);
      ScoreColumns scores = scores(file);
      Validation validation = Validation.of(scores, parameters, calibration.toString(), settings);
      return new Model(
          name,
          Optional.of(calibration),
          file,
          scores.withJoint(parameters.jointModelWeights()),
          validation.evidence(),
          Optional.of(new Model.Judged(parameters, validation)),
          trajectories(scores, file),
          costs);
    }

    private Model unjudged(String name, Path file, Optional<Costs> costs) {
      ScoreColumns scores = scores(file).requireOfEachLabel(2);
      Evidence evidence = new EvidenceAnalysis(scores, Map.of(), settings).run();
      return new Model(
          name,
          Optional.empty(),
          file,
          scores,
          evidence,
          Optional.empty(),
          trajectories(scores, file),
          costs);
    }

    private static Optional<Trajectories> trajectories(ScoreColumns scores, Path file) {
      return scores.origin().run().isPresent()
          ? Trajectories.of(ScoreFile.read(file))
          : Optional.empty();
    }
  }
}
