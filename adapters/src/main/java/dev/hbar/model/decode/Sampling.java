package dev.hbar.model.decode;

/**
 * How the next token is chosen. Temperature 0 is greedy. Filters apply to the distribution at the
 * given temperature in the order top-k, top-p, min-p; signals are computed from the unfiltered
 * logits.
 *
 * @param temperature 0 for greedy, else a divisor of the logits
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the smallest set with at least this mass; 1 keeps all
 * @param minP drop tokens below this share of the largest probability; 0 keeps all
 * @param seed of the draws; a run with the same seed draws the same tokens
 */
public record Sampling(float temperature, int topK, float topP, float minP, long seed) {
  public static final Sampling GREEDY = new Sampling(0f, 0, 1f, 0f, 0L);

  public Sampling {
    require(temperature >= 0 && Float.isFinite(temperature), "temperature must be 0 or more");
    require(topK >= 0, "top-k must be 0 or more");
    require(topP > 0 && topP <= 1, "top-p must be in (0, 1]");
    require(minP >= 0 && minP < 1, "min-p must be in [0, 1)");
  }

  public boolean isGreedy() {
    return temperature == 0f;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
