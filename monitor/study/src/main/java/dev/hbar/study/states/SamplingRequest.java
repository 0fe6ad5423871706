package dev.hbar.study.states;

/**
 * How the model is asked again.
 *
 * @param samples of every question, at least 2
 * @param maxTokens of a sample at most
 * @param temperature above 0
 * @param seed of the draws; with a record's name it decides what is drawn for the record
 */
public record SamplingRequest(int samples, int maxTokens, float temperature, long seed) {
  private static final int MOST = 100;

  /** Refuses numbers out of their range. */
  public SamplingRequest {
    if (samples < 2 || samples > MOST) {
      throw new IllegalArgumentException("--samples must be at least 2 and at most " + MOST);
    }
    if (!(temperature > 0) || !Float.isFinite(temperature)) {
      throw new IllegalArgumentException("--temperature must be above 0");
    }
  }

  /** The seed of a record's draws. */
  long seedOf(String record) {
    return seed * 1_000_003L + record.hashCode();
  }

  /** In words, for a header. */
  String words() {
    return samples + " samples at temperature " + temperature + ", seed " + seed;
  }
}
