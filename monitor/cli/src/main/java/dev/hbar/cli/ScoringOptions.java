package dev.hbar.cli;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scoring.ScoringRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How samples are scored, whichever they are. */
final class ScoringOptions {
  @Option(
      names = "--max-tokens",
      defaultValue = "20",
      paramLabel = "N",
      description = "Most tokens generated per sample (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--alpha",
      defaultValue = "" + Signal.ALPHA,
      paramLabel = "A",
      description = "Weight of the hidden drift in PRI (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--drift-layers",
      split = ",",
      paramLabel = "I",
      description = "Also measure the hidden drift of these blocks (from 0), for instance 9,19.")
  private List<Integer> driftLayers = List.of();

  @Option(
      names = "--batch",
      defaultValue = "auto",
      converter = GroupSize.class,
      paramLabel = "N|auto",
      description = "Samples computed together (default: ${DEFAULT-VALUE}).")
  private OptionalInt groupSize = OptionalInt.empty();

  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (maxTokens < 1) {
      return Optional.of("--max-tokens must be at least 1");
    }
    return Double.isFinite(alpha) && alpha >= 0
        ? Optional.empty()
        : Optional.of("--alpha must be a number from 0");
  }

  ScoringRequest request(boolean perToken) {
    return new ScoringRequest(maxTokens, alpha, perToken, groupSize, driftLayers, rope.reference);
  }

  /** Reads {@code auto} (empty) or a positive number of samples. */
  static final class GroupSize implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String text) {
      if (text.equals("auto")) {
        return OptionalInt.empty();
      }
      if (text.matches("[1-9]\\d{0,3}")) {
        return OptionalInt.of(Integer.parseInt(text));
      }
      throw new TypeConversionException(
          "'" + text + "' is neither auto nor a number from 1 to 9999");
    }
  }
}
