package dev.hbar.study.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.ScoringBackend;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Time and memory that one checkpoint took on this machine, kept in {@code costs.json}. They are
 * kept apart from the results because results are reproducible to the byte and costs are not. The
 * figures are sums over all runs that scored the checkpoint; a group of samples that was
 * interrupted by a kill is not counted.
 *
 * @param compute device and compute policy
 * @param loadSeconds time to hash and load the checkpoint, in the last run
 * @param samples number of timed samples
 * @param seconds time to score them
 * @param secondsPerSample seconds / samples; 0 if none was timed
 * @param peakBytes peak of MLX memory, weights included
 * @param activeBytesBefore MLX memory in use before the first checkpoint was loaded, in the last
 *     run
 * @param activeBytesAfter MLX memory in use after this checkpoint was closed, in the last run
 */
public record Costs(
    String compute,
    double loadSeconds,
    int samples,
    double seconds,
    double secondsPerSample,
    long peakBytes,
    long activeBytesBefore,
    long activeBytesAfter) {

  /** No costs yet. */
  static final Costs NONE = new Costs("", 0, 0, 0, 0, 0, 0, 0);

  /** The costs of earlier runs; {@link #NONE} if the file does not exist. */
  static Costs read(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    JsonNode document = ResultFile.read(file);
    return ResultFile.bind(file, document, Costs.class);
  }

  Costs loaded(String how, double took, long activeBefore) {
    return new Costs(
        how, took, samples, seconds, secondsPerSample, peakBytes, activeBefore, activeBytesAfter);
  }

  Costs scored(int more, double took, long peak) {
    int all = samples + more;
    double sum = seconds + took;
    return new Costs(
        compute,
        loadSeconds,
        all,
        sum,
        all == 0 ? 0 : sum / all,
        Math.max(peakBytes, peak),
        activeBytesBefore,
        activeBytesAfter);
  }

  Costs givenBack(long activeAfter) {
    return new Costs(
        compute,
        loadSeconds,
        samples,
        seconds,
        secondsPerSample,
        peakBytes,
        activeBytesBefore,
        activeAfter);
  }

  /** Adds up the costs of a checkpoint while it runs, and keeps the file up to date. */
  static final class Meter {
    private final Path file;
    private final ScoringBackend backend;
    private Costs sum;

    Meter(Path file, ScoringBackend backend) {
      this.file = file;
      this.backend = backend;
      this.sum = Costs.read(file);
    }

    Costs sum() {
      return sum;
    }

    void loaded(String compute, double seconds, long activeBefore) {
      keep(sum.loaded(compute, seconds, activeBefore));
    }

    void scored(int samples, double seconds) {
      keep(sum.scored(samples, seconds, backend.memory().peak()));
    }

    void givenBack(long active) {
      keep(sum.givenBack(active));
    }

    private void keep(Costs costs) {
      sum = costs;
      ResultFile.write(file, costs);
    }
  }
}
