package dev.hbar.cli;

import dev.hbar.mlx.QuantizationMode;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.Protocol;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.states.StatePosition;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of a few values by its name, which is its {@code toString} in any case. Completion
 * offers the same names.
 */
final class Named<T extends Enum<T>> implements ITypeConverter<T> {
  private final List<T> values;

  private Named(Class<T> type) {
    this.values = List.of(type.getEnumConstants());
  }

  /** Teaches a command and its subcommands all types whose values are chosen by name. */
  static void register(CommandLine command) {
    register(command, Draw.Partition.class);
    register(command, Protocol.class);
    register(command, Calibration.PolarityRule.class);
    register(command, HaltOptions.RiskKind.class);
    register(command, QuantizationMode.class);
    register(command, DetectorKind.class);
    register(command, StatePosition.class);
    register(command, RopeReference.class);
    register(command, Span.class);
    register(command, MaskChoice.class);
    register(command, CheckpointArgument.Activations.class);
    register(command, ScoreCommand.Answers.class);
    register(command, StatesCommand.Format.class);
    register(command, StatesCommand.Precision.class);
    register(command, CompletionCommand.Shell.class);
  }

  private static <T extends Enum<T>> void register(CommandLine command, Class<T> type) {
    command.registerConverter(type, new Named<>(type));
  }

  @Override
  public T convert(String text) {
    return values.stream()
        .filter(value -> value.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is " + otherwise()));
  }

  private String otherwise() {
    String[] names =
        values.stream().map(one -> one.toString().toLowerCase(Locale.ROOT)).toArray(String[]::new);
    return names.length == 2
        ? "neither " + names[0] + " nor " + names[1]
        : "none of " + String.join(", ", names);
  }
}
