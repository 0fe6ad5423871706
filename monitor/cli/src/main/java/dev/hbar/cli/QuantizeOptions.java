package dev.hbar.cli;

import dev.hbar.mlx.QuantizationMode;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.convert.ConvertSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How {@code convert} packs matrices; without any of these they are float. */
final class QuantizeOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "Bits per weight: 2, 3, 4, 5, 6 or 8 (default with --mode affine: 4).")
  private Optional<Integer> bits = Optional.empty();

  @Option(
      names = "--group-size",
      paramLabel = "N",
      description = "Weights that share a scale: 32, 64 or 128 (default with --mode affine: 64).")
  private Optional<Integer> groupSize = Optional.empty();

  @Option(
      names = "--mode",
      converter = ModeConverter.class,
      paramLabel = "MODE",
      description = "affine, mxfp4, mxfp8 or nvfp4 (default: affine).")
  private Optional<QuantizationMode> mode = Optional.empty();

  @Option(
      names = "--dtype",
      defaultValue = "auto",
      paramLabel = "TYPE",
      description = "Of scales and of what is not packed: ${COMPLETION-CANDIDATES}.")
  private ActivationType dtype = ActivationType.AUTO;

  /** True when nothing was asked for. */
  boolean areDefaults() {
    return bits.isEmpty() && groupSize.isEmpty() && mode.isEmpty() && dtype.dtype().isEmpty();
  }

  /**
   * The settings of the conversion.
   *
   * @throws ParameterException for numbers that the mode does not have
   */
  ConvertSettings settings() {
    boolean packed = bits.isPresent() || groupSize.isPresent() || mode.isPresent();
    return new ConvertSettings(
        packed ? Optional.of(quantization()) : Optional.empty(),
        dtype.dtype(),
        ConvertSettings.SHARD_BYTES);
  }

  private Quantization quantization() {
    QuantizationMode chosen = mode.orElse(QuantizationMode.AFFINE);
    int chosenBits = bits.orElse(chosen.defaultBits());
    int chosenGroup = groupSize.orElse(chosen.defaultGroupSize());
    requireOneOf("--bits", chosenBits, chosen.bits(), chosen);
    requireOneOf("--group-size", chosenGroup, chosen.groupSizes(), chosen);
    return new Quantization(chosenGroup, chosenBits, chosen);
  }

  private void requireOneOf(
      String option, int value, List<Integer> allowed, QuantizationMode chosen) {
    if (!allowed.contains(value)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be one of %s for --mode %s, found %s"
              .formatted(option, allowed, chosen.mlxName(), value));
    }
  }

  /** The names that MLX has for its modes. */
  static final class ModeConverter implements ITypeConverter<QuantizationMode> {
    @Override
    public QuantizationMode convert(String name) {
      return QuantizationMode.ofMlxName(name)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s"
                          .formatted(
                              name,
                              Arrays.stream(QuantizationMode.values())
                                  .map(QuantizationMode::mlxName)
                                  .toList())));
    }
  }
}
