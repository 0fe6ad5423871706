package dev.hbar.study.scores;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.SampleScore.Scored;
import java.util.function.ToDoubleFunction;

/** The scores of a sample that are always there; further signals a file names itself. */
public enum ScoredSignal {
  /** Semantic uncertainty; calibration finds it inverted, so lower counts. */
  HBAR("hbar", scored -> scored.scores().hbar()),
  /** Predictive Rupture Index. */
  PRI("pri", scored -> scored.scores().pri()),
  /** Surprise alone: the baseline that PRI has to beat. */
  SURPRISE("surprise", scored -> scored.scores().surprise()),
  /** Concentration of the distribution: low means unsure. */
  DMU("dmu", scored -> scored.scores().dmu()),
  /** Spread of the blocks: inverted as hbar is. */
  DSIGMA("dsigma", scored -> scored.scores().dsigma()),
  /** Hidden drift. */
  DH("dh", scored -> scored.scores().dh()),
  /** Length of the prompt, and so of the judged answer: a baseline that knows no model. */
  PROMPT_TOKENS("prompt_tokens", Scored::promptTokens);

  private final String jsonName;
  private final ToDoubleFunction<Scored> value;

  ScoredSignal(String jsonName, ToDoubleFunction<Scored> value) {
    this.jsonName = jsonName;
    this.value = value;
  }

  /** Its name in score files. */
  public String jsonName() {
    return jsonName;
  }

  /** Which values count as evidence for a hallucination where nothing was calibrated. */
  public Polarity polarity() {
    return Polarity.usual(jsonName);
  }

  /** Its value for one sample. */
  public double of(Scored scored) {
    return value.applyAsDouble(scored);
  }
}
