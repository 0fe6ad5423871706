package dev.hbar.cli;

import dev.hbar.halt.WatchedSignal;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a signal to halt on. */
final class WatchedSignalConverter implements ITypeConverter<WatchedSignal> {
  @Override
  public WatchedSignal convert(String text) {
    return Arrays.stream(WatchedSignal.values())
        .filter(signal -> signal.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither hbar nor pri"));
  }
}
