package dev.hbar.study.evidence;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.GradeAgreement;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Reliability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/**
 * Everything that is known about the signals of one score file. Every table, plot and verdict is
 * made of this.
 *
 * @param settings of the bootstrap
 * @param samples scored samples
 * @param hallucinated how many of them are labelled 1
 * @param records records they come from
 * @param failed samples without scores; they are in no other figure
 * @param failures error text to the number of samples
 * @param signals in the file's order, the joint probability last if there is one
 * @param tasks the same by task, in the file's order
 * @param correlations of every two signals that vary
 * @param joint reliability of the joint probability, if there is one
 * @param controls for the leakage warning
 * @param graded how the signals go with graded labels; empty if labels are right and hallucinated
 *     only
 * @param warnings what a reader must know before anything else, one line each
 */
public record Evidence(
    Bootstrap.Settings settings,
    int samples,
    int hallucinated,
    int records,
    long failed,
    Map<String, Long> failures,
    List<SignalEvidence> signals,
    List<Task> tasks,
    List<Correlation> correlations,
    Optional<Reliability> joint,
    List<Control> controls,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GradeAgreement> graded,
    List<String> warnings) {
  /** Files of older versions have no grades. */
  public Evidence {
    graded = List.copyOf(Objects.requireNonNullElse(graded, List.of()));
  }

  /**
   * Between which values a probability lies on its samples.
   *
   * @param low the least
   * @param high the largest
   */
  public record JointRange(double low, double high) {
    /** Below it every answer has the same probability, give or take nothing. */
    public static final double LEAST = 0.05;

    /** The range of these probabilities, at least one. */
    public static JointRange of(double[] probabilities) {
      return new JointRange(
          Arrays.stream(probabilities).min().orElseThrow(),
          Arrays.stream(probabilities).max().orElseThrow());
    }

    /** What is wrong with it, if something is. */
    public Optional<String> warning() {
      return high - low < LEAST
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "the joint probability is nearly the same for every sample, %.4f to %.4f: it says"
                      + " nothing",
                  low,
                  high))
          : Optional.empty();
    }
  }

  /**
   * The signals on the samples of one task.
   *
   * @param task its name
   * @param samples scored samples of it
   * @param hallucinated how many of them are labelled 1
   * @param records they come from
   * @param signals as in {@link Evidence#signals()}; empty if the task lacks a label
   */
  public record Task(
      String task, int samples, int hallucinated, int records, List<Signal> signals) {
    /**
     * One signal on these samples, read in the direction it has for all tasks.
     *
     * @param signal its name
     * @param auroc by record
     * @param pairs the two answers of a record
     */
    public record Signal(String signal, Estimate auroc, PairAccuracy pairs) {}

    /** Copies the list. */
    public Task {
      signals = List.copyOf(signals);
    }
  }

  /**
   * A line of the control table: what something that cannot know the truth reaches on these
   * samples.
   *
   * @param name what
   * @param auroc within tasks and by record, as a signal's; the larger of AUROC and 1 - AUROC, as a
   *     leak may point either way
   */
  public record Control(String name, Estimate auroc) {}

  /**
   * How two signals go together over all samples, labels ignored.
   *
   * @param first a signal
   * @param second another signal
   * @param pearson linear correlation of the raw values
   * @param spearman correlation of their ranks
   */
  public record Correlation(String first, String second, double pearson, double spearman) {
    /** The correlations of every two signals that vary. */
    static List<Correlation> between(ScoreColumns columns) {
      List<String> varying =
          columns.names().stream().filter(name -> varies(columns.column(name))).toList();
      NaturalRanking midRanks = new NaturalRanking(TiesStrategy.AVERAGE);
      List<double[]> values = varying.stream().map(columns::column).toList();
      List<double[]> ranks = values.stream().map(midRanks::rank).toList();
      List<Correlation> correlations = new ArrayList<>();
      for (int a = 0; a < varying.size(); a++) {
        for (int b = a + 1; b < varying.size(); b++) {
          correlations.add(
              new Correlation(
                  varying.get(a),
                  varying.get(b),
                  pearson(values.get(a), values.get(b)),
                  // Spearman's is Pearson's of the mid-ranks, which are computed once.
                  pearson(ranks.get(a), ranks.get(b))));
        }
      }
      return correlations;
    }

    private static double pearson(double[] first, double[] second) {
      return new PearsonsCorrelation().correlation(first, second);
    }

    private static boolean varies(double[] values) {
      return Arrays.stream(values).distinct().limit(2).count() == 2;
    }
  }

  /** The evidence on one signal, if the file has it. */
  public Optional<SignalEvidence> signal(String name) {
    return signals.stream().filter(one -> one.signal().equals(name)).findFirst();
  }

  /** The evidence on the answer's length, which a signal has to beat, if the file has it. */
  public Optional<SignalEvidence> answerLength() {
    Set<String> names =
        signals.stream().map(SignalEvidence::signal).collect(Collectors.toUnmodifiableSet());
    return BaselineComparisons.answerLength(names).flatMap(this::signal);
  }

  /** The evidence of several models on one question, with their p values corrected together. */
  public static List<Evidence> together(List<Evidence> models) {
    return BaselineComparisons.corrected(models);
  }

  boolean isShownToBeChance(String name) {
    return signal(name)
        .map(one -> Judgement.isWithinMargin(one.comparisons().getFirst().difference()))
        .orElse(false);
  }

  Evidence with(List<SignalEvidence> judged) {
    return new Evidence(
        settings,
        samples,
        hallucinated,
        records,
        failed,
        failures,
        judged,
        tasks,
        correlations,
        joint,
        controls,
        graded,
        warnings);
  }
}
