package dev.hbar.cli;

import dev.hbar.dataset.DrawnSamples;
import dev.hbar.dataset.HaluEvalFolder;
import dev.hbar.dataset.Partition;
import dev.hbar.dataset.Protocol;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which samples a protocol draws. */
final class DrawOptions {
  @Option(
      names = "--protocol",
      converter = ProtocolConverter.class,
      paramLabel = "P",
      description = {
        "pairs-v1 (the default: both answers of a record on one side, neighbours in the order) or",
        "study-2026-01 (the published draw, with its empty dialogues)."
      })
  private Optional<Protocol> protocol = Optional.empty();

  @Option(
      names = "--set",
      converter = PartitionConverter.class,
      paramLabel = "train|test",
      description = "Which side of the split.")
  private Optional<Partition> set = Optional.empty();

  @Option(names = "--n", paramLabel = "N", description = "Number of samples.")
  private Optional<Integer> n = Optional.empty();

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "S",
      description = "Seed of the draw (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** Whether any option that only a protocol has was given. */
  boolean given() {
    return protocol.isPresent() || set.isPresent() || n.isPresent();
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
   * The samples; call only without a problem.
   *
   * @throws CommandException if n is impossible with these files
   */
  DrawnSamples samples(HaluEvalFolder folder) {
    try {
      return new DrawnSamples(
          folder,
          protocol
              .orElse(Protocol.PAIRS_V1)
              .draw(folder.records(), set.orElseThrow(), n.orElseThrow(), seed));
    } catch (IllegalArgumentException e) {
      throw new CommandException("--" + e.getMessage(), e);
    }
  }
}
