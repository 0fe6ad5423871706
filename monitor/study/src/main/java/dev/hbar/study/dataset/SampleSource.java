package dev.hbar.study.dataset;

import dev.hbar.study.StudyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A fixed sequence of samples that can be opened more than once. */
public interface SampleSource {
  /** Number of samples. */
  int size();

  /** Where they come from. */
  Origin origin();

  /**
   * The samples in their fixed order. The caller closes the stream.
   *
   * @throws StudyException while reading, if the file is damaged
   */
  Stream<Sample> open();

  /**
   * The first records whose two answers look alike from outside (see {@link Sample#alike}): what
   * tells these answers apart is not their length and not a full stop.
   *
   * @param most records
   * @throws StudyException if there is none
   */
  default SampleSource matchedPairs(int most) {
    List<Sample> picked = new ArrayList<>();
    try (Stream<Sample> all = open()) {
      Sample[] before = new Sample[1];
      all.takeWhile(sample -> picked.size() < 2 * most)
          .forEach(
              sample -> {
                if (before[0] != null && before[0].matches(sample)) {
                  picked.add(before[0]);
                  picked.add(sample);
                }
                before[0] = sample;
              });
    }
    if (picked.isEmpty()) {
      throw new StudyException(
          "no record of %s has two answers of like length and ending; leave --matched out"
              .formatted(origin().selection().words()));
    }
    Selection selection =
        new Selection.Records(
            origin().selection().words() + ", matched pairs", 0, picked.size() / 2, picked.size());
    return new InMemory(new Origin(origin().dataSha256(), origin().protocol(), selection), picked);
  }

  /**
   * Where samples come from: what a score file's header says about them.
   *
   * @param dataSha256 name of a part of the data (a task) to the hash of its file
   * @param protocol how samples are made of records
   * @param selection which samples
   */
  record Origin(Map<String, String> dataSha256, String protocol, Selection selection) {
    /** Copies the map. */
    public Origin {
      dataSha256 = Map.copyOf(dataSha256);
    }
  }

  /**
   * Samples that fit into memory.
   *
   * @param origin where they come from
   * @param samples in their order
   */
  record InMemory(Origin origin, List<Sample> samples) implements SampleSource {
    /** Copies the list. */
    public InMemory {
      samples = List.copyOf(samples);
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

  /** Turns the file of a dataset into samples; every dataset comes in through this. */
  interface Reader {
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
}
