package dev.hbar.cli;

import dev.hbar.study.dataset.CustomDataset;
import dev.hbar.study.dataset.DatasetReader;
import dev.hbar.study.dataset.HaluEvalTask;
import dev.hbar.study.dataset.QuestionDataset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Checks a task's name. */
final class TaskConverter implements ITypeConverter<String> {
  /** Those that need nothing but a file. */
  private static final List<DatasetReader> READERS =
      Stream.<DatasetReader>concat(
              Stream.of(HaluEvalTask.values()), Stream.of(QuestionDataset.values()))
          .toList();

  @Override
  public String convert(String text) {
    if (text.equals(CustomDataset.ID) || READERS.stream().anyMatch(one -> one.id().equals(text))) {
      return text;
    }
    String names = READERS.stream().map(DatasetReader::id).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is none of " + names + ", custom");
  }

  /** The reader of a task that is not custom. */
  static DatasetReader reader(String task) {
    return READERS.stream().filter(one -> one.id().equals(task)).findFirst().orElseThrow();
  }
}
