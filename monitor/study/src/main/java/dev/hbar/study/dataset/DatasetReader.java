package dev.hbar.study.dataset;

import dev.hbar.study.StudyException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Turns the file of a dataset into samples; every dataset comes in through this. */
public interface DatasetReader {
  /** The dataset's name in options and headers. */
  String id();

  /**
   * Some of a file's records as samples. Every line is checked first.
   *
   * @param skip records to leave out at the start
   * @param limit most records to use; all that are left if empty
   * @throws StudyException naming file, record and field, if it cannot be used
   */
  SampleSource read(Path file, int skip, OptionalInt limit);
}
