package dev.hbar.monitor.signal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A number that says how unsure a model is of a token or of a sample: its id in files and on the
 * command line, its unit, the side that counts as risky, its formula and how a sample's score is
 * made of its tokens. Here are the study's own; {@link DistributionSignals} has those of other
 * tools, {@link GivenSignals} those of a given answer. Two signals are equal if their ids are.
 *
 * <p>In the formulas z are the logits that select the token x, p = softmax(z), and h_i is the raw
 * output of decoder block i (residual stream, before the final norm) at the last position. The
 * graph of a step reduces them to a few numbers in float32, of which the host makes the signals.
 */
public final class Signal {
  /** Weight of the drift in {@link #PRI} unless a run sets another one. */
  public static final double ALPHA = 0.1;

  /** The largest surprise: probabilities below 1e-10 count as that, so that it stays finite. */
  public static final double MAX_SURPRISE = -Math.log(1e-10);

  private static final String NATS = "nats";
  private static final double GINI_EPSILON = 1e-2;
  private static final String DRIFT = "drift_";

  /** Concentration of the distribution, in (0.99, 10]; 10 for a one-hot one. */
  public static final Signal DMU =
      measured(
              "dmu",
              "",
              Polarity.LOW,
              "1 / sqrt(1 - sum p^2 + 0.01)",
              Signal::concentration,
              Reduction.CHOSEN,
              Reduction.SQUARES)
          .scored(Aggregate.TOP_FIVE);

  /** Spread of the blocks' directions, in [0, 1]; 0 if all point the same way. */
  public static final Signal DSIGMA =
      measured(
              "dsigma",
              "",
              Polarity.LOW,
              "sqrt(mean_i |x_i - mean_j x_j|^2), x_i = h_i / sqrt(sum h_i^2 + 1e-8)",
              row -> Math.sqrt(row.spread()),
              Reduction.SPREAD)
          .scored(Aggregate.TOP_FIVE);

  /** How unlikely the model found its own token, in [0, 23.03]. */
  public static final Signal SURPRISE =
      measured(
              "surprise",
              NATS,
              Polarity.HIGH,
              "-ln max(p[x], 1e-10)",
              Signal::surprise,
              Reduction.CHOSEN)
          .scored(Aggregate.TOP_FIVE);

  /** Hidden drift, in [0, 2]: how far the last block's state turned; 0 for the first token. */
  public static final Signal DH =
      measured(
              "dh",
              "",
              Polarity.HIGH,
              "1 - cos(h_t, h_(t-1))",
              Reduced::lastDrift,
              Reduction.DRIFTS)
          .scored(Aggregate.TOP_FIVE);

  /**
   * Semantic uncertainty, at least 0. Defined as "high = unsure", but the study's calibration finds
   * it inverted, and with it its two parts: hallucinations have the lower value.
   */
  public static final Signal HBAR =
      derived(
              "hbar",
              "",
              Polarity.LOW,
              "sqrt(dmu dsigma)",
              (token, alpha) -> Math.sqrt(token.get(DMU) * token.get(DSIGMA)))
          .scored(Aggregate.TOP_FIVE);

  /** Predictive Rupture Index, in [0, 27.63] for the usual alpha. */
  public static final Signal PRI =
      derived(
              "pri",
              NATS,
              Polarity.HIGH,
              "surprise (1 + alpha dh)",
              (token, alpha) -> token.get(SURPRISE) * (1 + alpha * token.get(DH)))
          .scored(Aggregate.TOP_FIVE);

  /** Of a sample only: the logarithm of its perplexity. lm-polygraph's Perplexity. */
  public static final Signal PERPLEXITY =
      SURPRISE.as("perplexity", "mean of surprise", Aggregate.MEAN);

  /** The calibrated joint probability of a hallucination. */
  public static final Signal JOINT =
      given("joint", "", Polarity.HIGH, "1 / (1 + exp(-(w_hbar hbar + w_pri pri + intercept)))");

  /** The log-odds that a fitted detector gives to a state; of a sample, their mean. */
  public static final Signal DETECTOR =
      given("detector", NATS, Polarity.HIGH, "w h + b").scored(Aggregate.MEAN);

  /** The study's signals of a token, in the order of the JSON. */
  public static final List<Signal> STUDY = List.of(HBAR, DMU, DSIGMA, SURPRISE, DH, PRI);

  /** The study's scores of a sample, in the order of a score file; every line of one has them. */
  public static final List<Signal> STUDY_SCORES = List.of(HBAR, PRI, SURPRISE, DMU, DSIGMA, DH);

  private final String id;
  private final String unit;
  private final Polarity risky;
  private final String formula;
  private final Source source;
  private final Optional<Aggregate> aggregate;

  /** Where its values come from. */
  sealed interface Source {
    /**
     * Arithmetic on what a step's graph gives.
     *
     * @param of what it needs of the graph
     */
    record Measured(ToDoubleFunction<Reduced> onHost, List<Reduction> of) implements Source {}

    /** Arithmetic on other signals of the token. */
    record Derived(Derivation derivation) implements Source {}

    /** A sample's score that is made of another signal's tokens. */
    record OfTokens(Signal signal) implements Source {}

    /** Neither the graph nor other tokens: a fit, or what is known of the sample. */
    record Given() implements Source {}
  }

  /** A value by arithmetic on others of the token. */
  interface Derivation {
    double of(TokenSignals token, double alpha);
  }

  private Signal(
      String id,
      String unit,
      Polarity risky,
      String formula,
      Source source,
      Optional<Aggregate> aggregate) {
    this.id = id;
    this.unit = unit;
    this.risky = risky;
    this.formula = formula;
    this.source = source;
    this.aggregate = aggregate;
  }

  /** A signal of a token that is made of what a step's graph gives. */
  static Signal measured(
      String id,
      String unit,
      Polarity risky,
      String formula,
      ToDoubleFunction<Reduced> onHost,
      Reduction... of) {
    Source source = new Source.Measured(onHost, List.of(of));
    return new Signal(id, unit, risky, formula, source, Optional.empty());
  }

  private static Signal derived(
      String id, String unit, Polarity risky, String formula, Derivation derivation) {
    return new Signal(id, unit, risky, formula, new Source.Derived(derivation), Optional.empty());
  }

  /** A signal that is not made of what a step measures. */
  static Signal given(String id, String unit, Polarity risky, String formula) {
    return new Signal(id, unit, risky, formula, new Source.Given(), Optional.empty());
  }

  /** This signal, of which a sample has the aggregate under the same id. */
  Signal scored(Aggregate by) {
    return new Signal(id, unit, risky, formula, source, Optional.of(by));
  }

  /** A sample's score that is made of this signal's tokens, under an id of its own. */
  Signal as(String scoreId, String scoreFormula, Aggregate by) {
    Source ofTokens = new Source.OfTokens(this);
    return new Signal(scoreId, unit, risky, scoreFormula, ofTokens, Optional.of(by));
  }

  /** Hidden drift of another block than the last, see {@link #DH}. */
  public static Signal drift(int block) {
    return measured(
            DRIFT + block,
            "",
            DH.risky,
            DH.formula + " of block " + block,
            row -> row.drift(block),
            Reduction.DRIFTS)
        .scored(Aggregate.TOP_FIVE);
  }

  /** The signal of this id; of one that is not known here, no more than the id is. */
  public static Signal of(String id) {
    if (id.matches(DRIFT + "\\d{1,9}")) {
      return drift(Integer.parseInt(id.substring(DRIFT.length())));
    }
    Signal known = Known.BY_ID.get(id);
    return known == null ? given(id, "", Polarity.HIGH, "").scored(Aggregate.MEAN) : known;
  }

  /** Every signal that has an id of its own; made after the constants of all classes are. */
  private static final class Known {
    private static final Map<String, Signal> BY_ID =
        Stream.of(
                STUDY,
                List.of(PERPLEXITY, JOINT, DETECTOR),
                DistributionSignals.ALL,
                DistributionSignals.SCORES,
                GivenSignals.ALL,
                SamplingSignals.ALL)
            .flatMap(List::stream)
            .distinct()
            .collect(Collectors.toUnmodifiableMap(Signal::id, Function.identity()));
  }

  /** What a complete probe measures of a token, in the order of the JSON. */
  static List<Signal> complete(List<Integer> driftBlocks) {
    List<Signal> all = new ArrayList<>(STUDY);
    all.addAll(DistributionSignals.ALL);
    driftBlocks.forEach(block -> all.add(drift(block)));
    return List.copyOf(all);
  }

  /**
   * The scores that a run writes for a sample, in the order of a score file.
   *
   * @param driftBlocks blocks whose hidden drift is measured as well
   */
  public static List<Signal> scores(List<Integer> driftBlocks) {
    return scoresOf(complete(driftBlocks));
  }

  /** The scores that tokens with these signals give, in the order of a score file. */
  static List<Signal> scoresOf(List<Signal> ofTokens) {
    Set<Signal> scores = new LinkedHashSet<>(STUDY_SCORES);
    scores.add(PERPLEXITY);
    scores.addAll(DistributionSignals.SCORES);
    scores.addAll(ofTokens);
    return scores.stream()
        .filter(score -> score.aggregate.isPresent() && ofTokens.contains(score.ofToken()))
        .toList();
  }

  /** Its name in files and on the command line. */
  public String id() {
    return id;
  }

  /** Its unit; empty if it has no dimension. */
  public String unit() {
    return unit;
  }

  /** The side that counts as risky unless parameters say otherwise. */
  public Polarity risky() {
    return risky;
  }

  /** Its formula, of a token if tokens have it. */
  public String formula() {
    return formula;
  }

  /** How a sample's score is made of its tokens; empty if it is not made of them. */
  public Optional<Aggregate> aggregate() {
    return aggregate;
  }

  /** The signal of a token that a sample's score is made of; mostly this one. */
  Signal ofToken() {
    return source instanceof Source.OfTokens(Signal signal) ? signal : this;
  }

  Source source() {
    return source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signal signal && signal.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }

  /** Rounding may leave the impurity of a one-hot row below zero. */
  private static double concentration(Reduced row) {
    return 1 / Math.sqrt(Math.max(0, impurity(row)) + GINI_EPSILON);
  }

  /**
   * 1 - sum p^2 = (o (2 c + o) - sum of the others' squares) / (c + o)^2 for the chosen c and the
   * others' sum o: for a confident model it does not subtract two numbers near 1.
   */
  private static double impurity(Reduced row) {
    double total = row.total();
    return (row.others() * (row.chosen() + total) - row.otherSquares()) / (total * total);
  }

  /** ln(1 + others / chosen); a chosen token that underflowed to 0 ends at the ceiling. */
  private static double surprise(Reduced row) {
    return Math.min(Math.log1p(row.others() / row.chosen()), MAX_SURPRISE);
  }
}
