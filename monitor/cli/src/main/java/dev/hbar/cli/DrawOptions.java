package dev.hbar.cli;

import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which samples a protocol draws. */
final class DrawOptions {
  @Mixin private ProtocolOptions protocol = new ProtocolOptions();

  @Option(
      names = "--set",
      converter = PartitionConverter.class,
      paramLabel = "train|test",
      description = "Which side of the split.")
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
}
