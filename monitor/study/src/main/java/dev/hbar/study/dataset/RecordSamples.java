package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Samples of a dataset that fits into memory.
 *
 * @param origin what the header says about them
 * @param samples in the file's order
 */
record RecordSamples(SampleOrigin origin, List<Sample> samples) implements SampleSource {
  RecordSamples {
    samples = List.copyOf(samples);
  }

  /**
   * The samples of a slice of records.
   *
   * @param dataset its name
   * @param protocol how samples are made of records
   * @param samplesOf the samples of a record by its index; none if it is not used
   * @throws DatasetException if skip leaves nothing, no record is of use, or an id is there twice
   */
  static RecordSamples of(
      RecordFile file,
      String dataset,
      String protocol,
      int skip,
      OptionalInt limit,
      IntFunction<List<Sample>> samplesOf) {
    int left = file.records().size() - skip;
    if (left <= 0) {
      throw new DatasetException(
          file.path(),
          "has %s records, skipping %s leaves none".formatted(file.records().size(), skip));
    }
    int records = Math.min(left, limit.orElse(left));
    List<Sample> samples = new ArrayList<>();
    for (int i = skip; i < skip + records; i++) {
      samples.addAll(samplesOf.apply(i));
    }
    requireUsable(file.path(), samples);
    Selection selection = new Selection.Records(dataset, skip, records, samples.size());
    return new RecordSamples(
        new SampleOrigin(Map.of(dataset, file.sha256()), protocol, selection), samples);
  }

  private static void requireUsable(Path file, List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new DatasetException(file, "has no record that can be judged");
    }
    Set<String> ids = new HashSet<>();
    for (Sample sample : samples) {
      if (!ids.add(sample.id())) {
        throw new DatasetException(file, "two samples have the id " + sample.id());
      }
    }
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public Stream<Sample> open() {
    return samples.stream();
  }
}
