package dev.hbar.monitor.risk;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.signal.FailureProbability;
import dev.hbar.monitor.signal.TokenSignals;

/** How the risk of a token is computed from its signals. */
public sealed interface RiskRule {
  /** Risk of a token, in [0, 1]; high = riskier. */
  double of(TokenSignals signals);

  /** What it watches, as JSON and the command line name it. */
  String id();

  /**
   * Whether its parameters were calibrated; if not, its values are no more than a demonstration.
   */
  boolean isCalibrated();

  /**
   * A logistic function of one signal.
   *
   * @param watched the signal
   * @param probability its lambda is negative where low values are risky
   * @param isCalibrated whether threshold and direction were calibrated
   */
  record OnSignal(WatchedSignal watched, FailureProbability probability, boolean isCalibrated)
      implements RiskRule {
    @Override
    public double of(TokenSignals signals) {
      return probability.of(watched.of(signals));
    }

    @Override
    public String id() {
      return watched.id();
    }
  }

  /**
   * The calibrated joint probability of hbar_s and PRI.
   *
   * @param model its weights carry the direction of each signal
   */
  record OnBoth(JointModel model) implements RiskRule {
    @Override
    public double of(TokenSignals signals) {
      return model.probability(signals.hbar(), signals.pri());
    }

    @Override
    public String id() {
      return "joint";
    }

    @Override
    public boolean isCalibrated() {
      return true;
    }
  }

  /**
   * The probability that a fitted detector gives to the token's own state. A token whose state was
   * not computed, as the one that ends a text, has none: 0.
   *
   * @param detector fitted on this checkpoint
   */
  record OnDetector(Detector detector) implements RiskRule {
    @Override
    public double of(TokenSignals signals) {
      Double logOdds = signals.more().get(Detector.SIGNAL);
      return logOdds == null ? 0 : Detector.probability(logOdds);
    }

    @Override
    public String id() {
      return Detector.SIGNAL;
    }

    @Override
    public boolean isCalibrated() {
      return true;
    }
  }
}
