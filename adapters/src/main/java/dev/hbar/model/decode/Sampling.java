package dev.hbar.model.decode;

import java.util.Map;
import java.util.Optional;

/**
 * How the next token is chosen, from logits that are changed in this order: the bias is added, then
 * the {@link Penalties} act, then the temperature divides, then the filters top-k, top-p and min-p
 * drop tokens. Temperature 0 is greedy. Signals are computed from the logits as the model gave
 * them.
 *
 * @param temperature 0 for greedy, else a divisor of the logits
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the smallest set with at least this mass; 1 keeps all
 * @param minP drop tokens below this share of the largest probability; 0 keeps all
 * @param seed of the draws; a run with the same seed draws the same tokens
 * @param penalties on tokens that have been there
 * @param logitBias finite numbers that are added to the logits of these token ids
 * @param constraint which tokens may be chosen at all; of one row only
 */
public record Sampling(
    float temperature,
    int topK,
    float topP,
    float minP,
    long seed,
    Penalties penalties,
    Map<Integer, Float> logitBias,
    Optional<TokenConstraint> constraint) {
  public static final Sampling GREEDY = new Sampling(0f, 0, 1f, 0f, 0L);

  /**
   * Penalties on tokens that have been there.
   *
   * @param repetition above 0: a positive logit of a token of the prompt or the text is divided by
   *     it, a negative one multiplied, as transformers' {@code repetition_penalty}; 1 for none
   * @param presence taken once from the logit of a token of the text, as OpenAI defines it; 0 for
   *     none
   * @param frequency taken from the logit of a token of the text for each time it is there, as
   *     OpenAI defines it; 0 for none
   */
  public record Penalties(float repetition, float presence, float frequency) {
    public static final Penalties NONE = new Penalties(1f, 0f, 0f);

    /** Refuses numbers out of their range. */
    public Penalties {
      require(repetition > 0 && Float.isFinite(repetition), "repetition-penalty must be above 0");
      require(Float.isFinite(presence), "presence-penalty must be a number");
      require(Float.isFinite(frequency), "frequency-penalty must be a number");
    }

    // Here, as this class must not need the other one to begin.
    private static void require(boolean holds, String message) {
      if (!holds) {
        throw new IllegalArgumentException(message);
      }
    }
  }

  /** Refuses numbers out of their range; copies the map. */
  public Sampling {
    Penalties.require(
        temperature >= 0 && Float.isFinite(temperature), "temperature must be 0 or more");
    Penalties.require(topK >= 0, "top-k must be 0 or more");
    Penalties.require(topP > 0 && topP <= 1, "top-p must be in (0, 1]");
    Penalties.require(minP >= 0 && minP < 1, "min-p must be in [0, 1)");
    logitBias = Map.copyOf(logitBias);
    logitBias.forEach(
        (id, bias) ->
            Penalties.require(
                id >= 0 && Float.isFinite(bias), "logit-bias must be ID=NUMBER, ID from 0"));
  }

  /** Without penalties and bias. */
  public Sampling(float temperature, int topK, float topP, float minP, long seed) {
    this(temperature, topK, topP, minP, seed, Penalties.NONE, Map.of());
  }

  /** Without a constraint. */
  public Sampling(
      float temperature,
      int topK,
      float topP,
      float minP,
      long seed,
      Penalties penalties,
      Map<Integer, Float> logitBias) {
    this(temperature, topK, topP, minP, seed, penalties, logitBias, Optional.empty());
  }

  /** Draws from the whole distribution at a temperature. */
  public static Sampling at(float temperature, long seed) {
    return new Sampling(temperature, 0, 1f, 0f, seed);
  }

  /** This, with penalties on tokens that have been there. */
  public Sampling with(Penalties others) {
    return new Sampling(temperature, topK, topP, minP, seed, others, logitBias, constraint);
  }

  /** This, with these numbers added to the logits of these token ids. */
  public Sampling withLogitBias(Map<Integer, Float> bias) {
    return new Sampling(temperature, topK, topP, minP, seed, penalties, bias, constraint);
  }

  /** The same with other draws. */
  public Sampling withSeed(long other) {
    return new Sampling(temperature, topK, topP, minP, other, penalties, logitBias, constraint);
  }

  /** This, with only such tokens as the constraint allows. */
  public Sampling with(TokenConstraint allowed) {
    return new Sampling(
        temperature, topK, topP, minP, seed, penalties, logitBias, Optional.of(allowed));
  }

  /** Whether the logits are taken as the model gave them, without bias and penalties. */
  boolean isUnadjusted() {
    return logitBias.isEmpty() && penalties.equals(Penalties.NONE);
  }

  /**
   * Whether the likeliest token is taken: temperature 0, where no chance and no cut plays a part.
   */
  public boolean isGreedy() {
    return temperature == 0f;
  }
}
