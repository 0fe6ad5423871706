package dev.hbar.cli;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code auto} (empty) or a positive number of samples. */
final class GroupSizeConverter implements ITypeConverter<OptionalInt> {
  @Override
  public OptionalInt convert(String text) {
    if (text.equals("auto")) {
      return OptionalInt.empty();
    }
    if (text.matches("[1-9]\\d{0,3}")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    throw new TypeConversionException("'" + text + "' is neither auto nor a number from 1 to 9999");
  }
}
