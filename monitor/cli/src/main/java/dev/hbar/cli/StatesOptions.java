package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The states that a detector is fitted or tested on. */
final class StatesOptions {
  @Option(
      names = "--states",
      required = true,
      paramLabel = "DIR",
      description = "A folder made by hbar states.")
  private Path folder = Path.of("");

  @Option(
      names = "--matched",
      description = "Only pairs with the same last character and lengths within 10 %%.")
  private boolean matched;

  /** Whether only matched pairs are taken. */
  boolean matched() {
    return matched;
  }

  /** The opened folder. */
  DetectionData data() {
    return DetectionData.of(StatesFolder.open(folder));
  }

  /** What tells a user how far the work is. */
  static Consumer<String> progress(Environment environment, String work) {
    PrintWriter err = environment.err();
    return line -> {
      err.println(work + ": " + line);
      err.flush();
    };
  }

  /** Which token's state a detector looks at. */
  static final class Position {
    @Option(
        names = "--position",
        defaultValue = "mean-answer",
        paramLabel = "POSITION",
        description = "last-prompt, last-answer or mean-answer (default: ${DEFAULT-VALUE}).")
    private StatePosition position = StatePosition.MEAN_ANSWER;

    /** The position, which has one row per answer. */
    StatePosition one() {
      if (position == StatePosition.ANSWER) {
        throw new WrongUsage("--position answer has many rows; give mean-answer");
      }
      return position;
    }
  }

  /** Detectors, and the states that each of them is tested on. */
  static final class Tested {
    @Option(
        names = "--detector",
        required = true,
        paramLabel = "DIR",
        description = "A folder made by hbar detect fit; repeatable.")
    private List<Path> detectors = List.of();

    @Option(
        names = "--states",
        required = true,
        paramLabel = "DIR",
        description = "A folder made by hbar states with the same checkpoint; repeatable.")
    private List<Path> states = List.of();

    List<Path> detectors() {
      return detectors;
    }

    List<Path> states() {
      return states;
    }
  }
}
