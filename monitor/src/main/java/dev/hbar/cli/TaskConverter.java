package dev.hbar.cli;

import dev.hbar.dataset.HaluEvalTask;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a task's name. */
final class TaskConverter implements ITypeConverter<HaluEvalTask> {
  @Override
  public HaluEvalTask convert(String text) {
    return Arrays.stream(HaluEvalTask.values())
        .filter(task -> task.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + names()));
  }

  private static String names() {
    return Arrays.stream(HaluEvalTask.values())
        .map(HaluEvalTask::id)
        .collect(Collectors.joining(", "));
  }
}
