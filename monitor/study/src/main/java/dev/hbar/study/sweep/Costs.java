package dev.hbar.study.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.scores.ResultFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one checkpoint took on this machine, in {@code costs.json}. Kept apart from the results,
 * which a run that was killed and resumed repeats to the byte; these figures it does not. They are
 * sums over all runs that scored the checkpoint; the group that a kill interrupted is missing.
 *
 * @param compute device and compute policy in words
 * @param loadSeconds to hash and load the checkpoint, in the last run
 * @param samples samples that were timed
 * @param seconds to score them
 * @param secondsPerSample seconds / samples; 0 if none was timed
 * @param peakBytes most that MLX held, weights included
 * @param activeBytesBefore held before the first checkpoint was loaded, in the last run
 * @param activeBytesAfter held after this checkpoint was given back, in the last run
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

  /** Nothing yet. */
  static final Costs NONE = new Costs("", 0, 0, 0, 0, 0, 0, 0);

  /** What earlier runs took; nothing if there is no such file. */
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
}
