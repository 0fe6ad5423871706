package dev.hbar.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what to halt on. */
final class RiskKindConverter implements ITypeConverter<RiskKind> {
  @Override
  public RiskKind convert(String text) {
    return Arrays.stream(RiskKind.values())
        .filter(kind -> kind.id().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is none of hbar, pri, joint, detector"));
  }
}
