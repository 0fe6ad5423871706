package dev.hbar.evaluate;

import dev.hbar.run.SampleScore.Scored;
import java.util.function.ToDoubleFunction;

/**
 * The scores of a sample that are evaluated, with the direction in which each one counts as
 * evidence for a hallucination.
 */
public enum ScoredSignal {
  /** Semantic uncertainty; calibration finds it inverted, so lower counts. */
  HBAR("hbar", false, scored -> scored.scores().hbar()),
  /** Predictive Rupture Index. */
  PRI("pri", true, scored -> scored.scores().pri()),
  /** Surprise alone: the baseline that PRI has to beat. */
  SURPRISE("surprise", true, scored -> scored.scores().surprise()),
  /** Concentration of the distribution: low means unsure. */
  DMU("dmu", false, scored -> scored.scores().dmu()),
  /** Spread of the blocks: inverted as hbar is. */
  DSIGMA("dsigma", false, scored -> scored.scores().dsigma()),
  /** Hidden drift. */
  DH("dh", true, scored -> scored.scores().dh()),
  /** Length of the prompt, and so of the judged answer: a baseline that knows no model. */
  PROMPT_TOKENS("prompt_tokens", true, Scored::promptTokens);

  private final String jsonName;
  private final boolean higherIsRiskier;
  private final ToDoubleFunction<Scored> value;

  ScoredSignal(String jsonName, boolean higherIsRiskier, ToDoubleFunction<Scored> value) {
    this.jsonName = jsonName;
    this.higherIsRiskier = higherIsRiskier;
    this.value = value;
  }

  /** Its name in score files. */
  public String jsonName() {
    return jsonName;
  }

  /** Whether a higher value counts as evidence for a hallucination. */
  public boolean higherIsRiskier() {
    return higherIsRiskier;
  }

  /** Its value for one sample. */
  public double of(Scored scored) {
    return value.applyAsDouble(scored);
  }
}
