package dev.hbar.serve.engine;

import dev.hbar.monitor.risk.HaltPolicy;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a request wants done about risk.
 *
 * @param action what happens at a token above the threshold
 * @param threshold in [0, 1]; empty for the calibrated one
 * @param text what an abstaining answer says instead
 */
public record RiskPolicy(Action action, OptionalDouble threshold, String text) {
  /** What happens at a risky token. */
  public enum Action {
    /** It is marked. */
    FLAG,
    /** The answer ends before it. */
    STOP,
    /** The whole answer is taken back, and the given text stands in its place. */
    ABSTAIN;

    /** The name in JSON. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What an answer says that was taken back, unless a request words it. */
  public static final String ABSTENTION = "I am not sure enough to answer this.";

  /** Tokens are marked, nothing else. */
  public static final RiskPolicy FLAGGING =
      new RiskPolicy(Action.FLAG, OptionalDouble.empty(), ABSTENTION);

  /**
   * The policy of a model under this request.
   *
   * @throws ApiException if it shall act on a risk that nobody calibrated
   */
  public HaltPolicy on(ServedModel model) {
    return on(model.name(), model.policy());
  }

  HaltPolicy on(String model, HaltPolicy policy) {
    if (action != Action.FLAG && !policy.rule().isCalibrated()) {
      throw ApiException.field(
          "uncertainty.policy",
          action.id()
              + " needs a calibrated risk, and "
              + model
              + " has none: start the server with --params or --detector");
    }
    return new HaltPolicy(
        policy.rule(), threshold.orElse(policy.cutoff()), policy.every(), action != Action.FLAG);
  }
}
