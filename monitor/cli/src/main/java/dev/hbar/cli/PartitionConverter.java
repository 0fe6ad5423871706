package dev.hbar.cli;

import dev.hbar.study.dataset.Draw;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a side of the split. */
final class PartitionConverter implements ITypeConverter<Draw.Partition> {
  @Override
  public Draw.Partition convert(String text) {
    return Arrays.stream(Draw.Partition.values())
        .filter(set -> set.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither train nor test"));
  }
}
