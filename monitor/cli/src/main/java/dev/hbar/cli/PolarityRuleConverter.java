package dev.hbar.cli;

import dev.hbar.study.calibrate.PolarityRule;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a polarity rule's name. */
final class PolarityRuleConverter implements ITypeConverter<PolarityRule> {
  @Override
  public PolarityRule convert(String text) {
    return Arrays.stream(PolarityRule.values())
        .filter(rule -> rule.id().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "' is neither study nor fitted"));
  }
}
