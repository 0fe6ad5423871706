package dev.hbar.monitor.risk;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;

/** How the risk of a token is computed from its signals. */
public sealed interface RiskRule {
  /** The study's cutoff, for rules that were not calibrated. */
  double CUTOFF = 0.85;

  /** The study's rule, not calibrated: high hbar_s is risky, one half at 2. */
  RiskRule STUDY = new OnSignal(Signal.HBAR, 5, 2, false);

  /** Risk of a token, in [0, 1]; high = riskier. */
  double of(TokenSignals signals);

  /** What it watches, as JSON and the command line name it. */
  String id();

  /**
   * Whether its parameters were calibrated; if not, its values are no more than a demonstration.
   */
  boolean isCalibrated();

  /** Risk above which it flags a token unless another cutoff is set. */
  double cutoff();

  /**
   * A logistic function of one signal: 1 / (1 + exp(-lambda (signal - tau))), in (0, 1).
   *
   * @param signal of a token
   * @param lambda steepness, per unit of the signal; negative where low values are risky
   * @param tau the value with risk one half
   * @param isCalibrated whether threshold and direction were calibrated
   */
  record OnSignal(Signal signal, double lambda, double tau, boolean isCalibrated)
      implements RiskRule {
    /** Keeps exp in range; beyond it the risk is 0 or 1 to every digit shown. */
    private static final double EXPONENT_BOUND = 50;

    private static final double HALF = 0.5;

    /** Refuses parameters that would make every risk NaN. */
    public OnSignal {
      if (!Double.isFinite(lambda) || !Double.isFinite(tau)) {
        throw new IllegalArgumentException("lambda and tau must be finite: " + lambda + ", " + tau);
      }
    }

    /**
     * A signal with risk one half at its threshold and more on its risky side: the study's own rule
     * halts on high hbar_s, which its calibration finds to be the safe side.
     *
     * <p>Thresholds are found on scores of whole answers and used on single tokens here, as the
     * study does: read the risk of a token as a hint, not as its probability.
     *
     * @param tau its calibrated threshold
     */
    public static OnSignal calibrated(Signal signal, double tau, Polarity risky) {
      return new OnSignal(signal, risky == Polarity.LOW ? -5 : 5, tau, true);
    }

    @Override
    public double of(TokenSignals signals) {
      return of(signals.get(signal));
    }

    /** Risk of a token whose signal has this value. */
    public double of(double value) {
      double exponent = Math.clamp(lambda * (value - tau), -EXPONENT_BOUND, EXPONENT_BOUND);
      return 1 / (1 + Math.exp(-exponent));
    }

    @Override
    public String id() {
      return signal.id();
    }

    /** Calibrated, a signal is past its threshold at one half. */
    @Override
    public double cutoff() {
      return isCalibrated ? HALF : CUTOFF;
    }
  }

  /**
   * The calibrated joint probability of hbar_s and PRI.
   *
   * @param model its weights carry the direction of each signal
   * @param cutoff its calibrated threshold
   */
  record OnBoth(JointModel model, double cutoff) implements RiskRule {
    @Override
    public double of(TokenSignals signals) {
      return model.probability(signals.hbar(), signals.pri());
    }

    @Override
    public String id() {
      return Signal.JOINT.id();
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
      return signals.has(Signal.DETECTOR) ? Detector.probability(signals.get(Signal.DETECTOR)) : 0;
    }

    @Override
    public String id() {
      return Signal.DETECTOR.id();
    }

    @Override
    public boolean isCalibrated() {
      return true;
    }

    @Override
    public double cutoff() {
      return CUTOFF;
    }
  }

  /**
   * The joint probability of a hallucination: 1 / (1 + exp(-(w_hbar hbar + w_pri pri +
   * intercept))).
   *
   * @param wHbar weight of hbar_s
   * @param wPri weight of PRI
   * @param intercept not penalized
   */
  record JointModel(double wHbar, double wPri, double intercept) {
    /** Refuses weights that would make every probability NaN. */
    public JointModel {
      if (!Double.isFinite(wHbar + wPri + intercept)) {
        throw new IllegalArgumentException("the joint model's weights must be finite");
      }
    }

    /** Probability that the answer is hallucinated, in [0, 1]. */
    public double probability(double hbar, double pri) {
      return 1 / (1 + Math.exp(-(wHbar * hbar + wPri * pri + intercept)));
    }
  }
}
