package dev.hbar.cli;

import dev.hbar.model.decode.Sampling;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How tokens are chosen. */
final class SamplingOptions {
  /** Below it, logits over temperature leave float32's range; it is greedy in all but name. */
  private static final float LEAST_TEMPERATURE = 0.001f;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      paramLabel = "T",
      description = "0 takes the likeliest token, above 0 draws one (default: ${DEFAULT-VALUE}).")
  private float temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K likeliest tokens.")
  private Optional<Integer> topK = Optional.empty();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the fewest tokens that have probability P together.")
  private Optional<Float> topP = Optional.empty();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Drop tokens below P times the largest probability.")
  private Optional<Float> minP = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeat the draws of an earlier run (default: a new one, shown at the end).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = {
        "Divide the logits of tokens that the prompt or the text has by X, negative ones multiply",
        "(transformers' rule; 1: off)."
      })
  private Optional<Float> repetition = Optional.empty();

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Take X from the logits of tokens that the text has (OpenAI's rule).")
  private Optional<Float> presence = Optional.empty();

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Take X for each time that the text has the token (OpenAI's rule).")
  private Optional<Float> frequency = Optional.empty();

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=X",
      description = "Add X to the logit of a token id; repeatable.")
  private Map<Integer, Float> logitBias = new LinkedHashMap<>();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    boolean greedy = temperature == 0;
    if (!greedy && !(temperature >= LEAST_TEMPERATURE && Float.isFinite(temperature))) {
      return Optional.of("--temperature must be 0, or a number from " + LEAST_TEMPERATURE);
    }
    boolean given = topK.isPresent() || topP.isPresent() || minP.isPresent() || seed.isPresent();
    return greedy && given
        ? Optional.of("--top-k, --top-p, --min-p and --seed need a --temperature above 0")
        : Optional.empty();
  }

  /**
   * The choice, a new seed with every call unless one was given.
   *
   * @throws IllegalArgumentException naming the option without its dashes
   */
  Sampling sampling() {
    Sampling.Penalties penalties =
        new Sampling.Penalties(repetition.orElse(1f), presence.orElse(0f), frequency.orElse(0f));
    return drawn().with(penalties).withLogitBias(logitBias);
  }

  private Sampling drawn() {
    return temperature == 0
        ? Sampling.GREEDY
        : new Sampling(
            temperature,
            topK.orElse(0),
            topP.orElse(1f),
            minP.orElse(0f),
            // Short enough to be typed again.
            seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)));
  }
}
