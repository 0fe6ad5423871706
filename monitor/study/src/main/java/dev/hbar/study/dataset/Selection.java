package dev.hbar.study.dataset;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Which samples of the data a run has scored, as its header tells it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(Selection.Slice.class),
  @JsonSubTypes.Type(Selection.Drawn.class),
  @JsonSubTypes.Type(Selection.Records.class)
})
public sealed interface Selection {
  /** For a heading: what was scored. */
  String words();

  /** Number of samples of a complete run. */
  int samples();

  /**
   * Some records of one file, in the file's order.
   *
   * @param task the dataset's task
   * @param skip records left out at the start
   * @param records records used, two samples each
   */
  record Slice(String task, int skip, int records) implements Selection {
    @Override
    public String words() {
      return "HaluEval " + task;
    }

    @Override
    public int samples() {
      return 2 * records;
    }
  }

  /**
   * Some records of one file of another dataset, in the file's order.
   *
   * @param dataset its name
   * @param skip records left out at the start
   * @param records records used
   * @param samples made of them
   */
  record Records(String dataset, int skip, int records, int samples) implements Selection {
    @Override
    public String words() {
      return dataset;
    }
  }

  /**
   * Samples drawn by a protocol.
   *
   * @param set train or test
   * @param n number of samples
   * @param seed of the draw
   */
  record Drawn(String set, int n, long seed) implements Selection {
    @Override
    public String words() {
      return "HaluEval, %s of the %s set (seed %s)".formatted(n, set, seed);
    }

    @Override
    public int samples() {
      return n;
    }
  }
}
