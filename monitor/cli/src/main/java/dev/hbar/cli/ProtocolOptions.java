package dev.hbar.cli;

import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.dataset.Protocol;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How samples are drawn. */
final class ProtocolOptions {
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
