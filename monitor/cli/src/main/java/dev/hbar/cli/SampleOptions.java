package dev.hbar.cli;

import dev.hbar.study.dataset.CustomDataset;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.dataset.HaluEvalTask;
import dev.hbar.study.dataset.Protocol;
import dev.hbar.study.dataset.QuestionDataset;
import dev.hbar.study.dataset.SampleSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which samples: some records of one file, or a protocol's draw. */
final class SampleOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE|DIR",
      description =
          "Records, one JSON object per line (or one JSON array); with --protocol the folder that "
              + "holds HaluEval's qa, dialogue and summarization files.")
  private Path data = Path.of("");

  @Option(
      names = "--task",
      converter = TaskName.class,
      completionCandidates = TaskName.class,
      paramLabel = "TASK",
      description =
          "What a single file holds: qa, dialogue or summarization of HaluEval; truthfulqa, "
              + "halluqa, nq, fever; custom (with --template).")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description =
          "With --task custom: the prompt, with a {field} for each field of a record; with a "
              + "HaluEval task the same, and {answer}, {response} or {summary} where the answer "
              + "stands.")
  private Optional<Path> template = Optional.empty();

  @Option(
      names = "--skip",
      defaultValue = "0",
      paramLabel = "K",
      description = "With --task: leave out the first K records (default: ${DEFAULT-VALUE}).")
  private int skip;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --task: use at most N records, two samples each (default: all).")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--matched",
      paramLabel = "N",
      description =
          "Only the first N records whose two answers have the same last character and lengths that "
              + "differ by at most 10 %%.")
  private Optional<Integer> matched = Optional.empty();

  @Mixin private Drawing draw = new Drawing();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (task.isPresent() == draw.given()) {
      return Optional.of("give either --task, or --set and --n (with --protocol)");
    }
    if (task.isPresent() && task.get().equals(CustomDataset.ID) && template.isEmpty()) {
      return Optional.of("--task custom needs --template FILE");
    }
    if (template.isPresent() && task.filter(SampleOptions::takesTemplate).isEmpty()) {
      return Optional.of("--template FILE goes with --task custom, qa, dialogue or summarization");
    }
    if (skip < 0) {
      return Optional.of("--skip must not be negative");
    }
    if (limit.isPresent() && limit.get() < 1) {
      return Optional.of("--limit must be at least 1");
    }
    if (matched.isPresent() && matched.get() < 1) {
      return Optional.of("--matched must be at least 1");
    }
    if (draw.given() && (skip > 0 || limit.isPresent())) {
      return Optional.of("--skip and --limit go with --task; a protocol has --n");
    }
    return draw.given() ? draw.problem() : Optional.empty();
  }

  private static boolean takesTemplate(String task) {
    return task.equals(CustomDataset.ID) || haluEval(task).isPresent();
  }

  private static Optional<HaluEvalTask> haluEval(String task) {
    return Arrays.stream(HaluEvalTask.values()).filter(one -> one.id().equals(task)).findFirst();
  }

  /**
   * The samples that were asked for.
   *
   * @throws dev.hbar.study.StudyException if the data cannot be used
   */
  SampleSource samples() {
    OptionalInt most = limit.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    SampleSource all = task.isPresent() ? reader(task.get()).read(data, skip, most) : drawn();
    return matched.map(all::matchedPairs).orElse(all);
  }

  private SampleSource drawn() {
    HaluEvalFolder folder = HaluEvalFolder.open(data);
    return folder.samples(draw.draw(folder));
  }

  private SampleSource.Reader reader(String name) {
    if (template.isEmpty()) {
      return TaskName.reader(name);
    }
    return haluEval(name)
        .map(one -> one.withPrompt(template.get()))
        .orElseGet(() -> CustomDataset.of(template.get()));
  }

  /** Checks and completes a task's name. */
  static final class TaskName implements ITypeConverter<String>, Iterable<String> {
    /** Those that need nothing but a file. */
    private static final List<SampleSource.Reader> READERS =
        Stream.<SampleSource.Reader>concat(
                Stream.of(HaluEvalTask.values()), Stream.of(QuestionDataset.values()))
            .toList();

    @Override
    public String convert(String text) {
      if (names().anyMatch(text::equals)) {
        return text;
      }
      throw new TypeConversionException(
          "'" + text + "' is none of " + names().collect(Collectors.joining(", ")));
    }

    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }

    private static Stream<String> names() {
      return Stream.concat(
          READERS.stream().map(SampleSource.Reader::id), Stream.of(CustomDataset.ID));
    }

    /** The reader of a task that is not custom. */
    static SampleSource.Reader reader(String task) {
      return READERS.stream().filter(one -> one.id().equals(task)).findFirst().orElseThrow();
    }
  }

  /** Which samples a protocol draws. */
  static final class Drawing {
    @Mixin private Rule protocol = new Rule();

    @Option(names = "--set", paramLabel = "train|test", description = "Which side of the split.")
    private Optional<Draw.Partition> set = Optional.empty();

    @Option(names = "--n", paramLabel = "N", description = "Number of samples.")
    private Optional<Integer> n = Optional.empty();

    /** Whether any option that only a protocol has was given. */
    boolean given() {
      return protocol.given() || set.isPresent() || n.isPresent();
    }

    /** The first value that is missing or makes no sense, if any. */
    Optional<String> problem() {
      if (set.isEmpty()) {
        return Optional.of("--set is missing: train or test");
      }
      if (n.isEmpty()) {
        return Optional.of("--n is missing: the number of samples");
      }
      return n.get() < 1 ? Optional.of("--n must be at least 1") : Optional.empty();
    }

    /**
     * The draw; call only without a problem.
     *
     * @throws CommandException if n is impossible with these files
     */
    Draw draw(HaluEvalFolder folder) {
      return protocol.draw(folder, set.orElseThrow(), n.orElseThrow(), "--");
    }

    /** How samples are drawn. */
    static final class Rule {
      @Option(
          names = "--protocol",
          paramLabel = "P",
          description =
              "pairs-v1 (the default: both answers of a record on one side, neighbours in the order) "
                  + "or study-2026-01 (the published draw, with its empty dialogues).")
      private Optional<Protocol> protocol = Optional.empty();

      @Option(
          names = "--seed",
          defaultValue = "42",
          paramLabel = "S",
          description = "Seed of the draw (default: ${DEFAULT-VALUE}).")
      private long seed;

      /** Whether a protocol was named. */
      boolean given() {
        return protocol.isPresent();
      }

      long seed() {
        return seed;
      }

      /**
       * The draw of one side.
       *
       * @param option put before an error text, which starts with n
       * @throws CommandException if n is impossible with these files
       */
      Draw draw(HaluEvalFolder folder, Draw.Partition set, int n, String option) {
        try {
          return protocol.orElse(Protocol.PAIRS_V1).draw(folder.records(), set, n, seed);
        } catch (IllegalArgumentException e) {
          throw new CommandException(option + e.getMessage(), e);
        }
      }
    }
  }
}
