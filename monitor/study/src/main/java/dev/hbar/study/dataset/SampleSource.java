package dev.hbar.study.dataset;

import java.util.stream.Stream;

/** A fixed sequence of samples that can be opened more than once. */
public interface SampleSource {
  /** Number of samples. */
  int size();

  /** Where they come from. */
  SampleOrigin origin();

  /**
   * The samples in their fixed order. The caller closes the stream.
   *
   * @throws DatasetException while reading, if the file is damaged
   */
  Stream<Sample> open();
}
