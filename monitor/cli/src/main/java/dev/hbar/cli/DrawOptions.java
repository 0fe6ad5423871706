package dev.hbar.cli;

import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.dataset.Protocol;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which samples a protocol draws. */
final class DrawOptions {
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
