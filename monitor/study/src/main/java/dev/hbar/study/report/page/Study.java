package dev.hbar.study.report.page;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.Costs;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    return new StudyReader(settings).read(folder);
  }

  /** The models that have parameters. */
  List<Model> judged() {
    return models.stream().filter(model -> model.judged().isPresent()).toList();
  }

  /** The command that computes a model's figures from its score files. */
  String command(Model model) {
    String scores = shellWord(model.file());
    return model
        .calibration()
        .map(
            calibration ->
                "hbar calibrate --scores %s --out params.json%s && hbar validate --scores %s --params params.json --out result.json --json%s"
                    .formatted(shellWord(calibration), options(), scores, options()))
        .orElse("hbar summary %s --evidence --json%s".formatted(scores, options()));
  }

  /** The commands of all models, one line each. */
  String commands() {
    return String.join("\n", models.stream().map(this::command).toList());
  }

  /** The path as one word of a POSIX shell, quoted where necessary. */
  static String shellWord(Path path) {
    String text = path.toString();
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
}
