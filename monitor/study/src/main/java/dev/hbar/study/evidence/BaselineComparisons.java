package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.Strata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every signal against every baseline, on the same samples. Beside chance, the baselines are what a
 * signal has to beat: surprise alone, and lengths, which know no model. The length of the judged
 * answer is answer_tokens; where a score file does not have it, prompt_tokens, which differs
 * between the two answers of a record by just the answers' lengths.
 */
final class BaselineComparisons {
  private static final List<String> LENGTHS =
      List.of(SampleScore.ANSWER_TOKENS, SampleScore.PROMPT_TOKENS);

  private final Map<String, List<Placements>> placements;
  private final Strata strata;

  BaselineComparisons(Map<String, List<Placements>> placements, Strata strata) {
    this.placements = placements;
    this.strata = strata;
  }

  /** A signal's comparisons: with chance, then with each baseline but itself; not corrected yet. */
  List<SignalEvidence.Comparison> of(String signal) {
    List<Placements> mine = placements.get(signal);
    List<SignalEvidence.Comparison> comparisons = new ArrayList<>();
    List<Placements> chance = mine.stream().map(Placements::chance).toList();
    comparisons.add(comparison(SignalEvidence.Comparison.CHANCE, mine, chance));
    for (String baseline : baselines(placements.keySet())) {
      if (!baseline.equals(signal)) {
        comparisons.add(comparison(baseline, mine, baseline(baseline)));
      }
    }
    return comparisons;
  }

  private SignalEvidence.Comparison comparison(
      String name, List<Placements> mine, List<Placements> other) {
    Estimate difference = strata.difference(mine, other);
    return new SignalEvidence.Comparison(name, difference, difference.p(), 1);
  }

  /** Lengths may speak either way, and are read the better one. */
  private List<Placements> baseline(String name) {
    List<Placements> found = placements.get(name);
    boolean turned = isLength(name) && strata.auroc(found).value() < 0.5;
    return turned ? found.stream().map(Placements::turned).toList() : found;
  }

  /**
   * Evidence with the p values of all of it corrected together, baseline by baseline, and judged
   * anew. The models of one study ask one question several times.
   */
  static List<Evidence> corrected(List<Evidence> together) {
    Map<String, double[]> p =
        together.stream()
            .flatMap(evidence -> evidence.signals().stream())
            .flatMap(signal -> signal.comparisons().stream())
            .collect(
                Collectors.groupingBy(
                    SignalEvidence.Comparison::baseline,
                    LinkedHashMap::new,
                    Collectors.collectingAndThen(Collectors.toList(), BaselineComparisons::holm)));
    Map<String, Integer> next = new LinkedHashMap<>();
    return together.stream().map(evidence -> corrected(evidence, p, next)).toList();
  }

  private static double[] holm(Collection<SignalEvidence.Comparison> comparisons) {
    return Holm.correct(comparisons.stream().mapToDouble(one -> one.difference().p()).toArray());
  }

  private static Evidence corrected(
      Evidence evidence, Map<String, double[]> p, Map<String, Integer> next) {
    List<SignalEvidence> signals = new ArrayList<>();
    for (SignalEvidence signal : evidence.signals()) {
      List<SignalEvidence.Comparison> comparisons = new ArrayList<>();
      for (SignalEvidence.Comparison one : signal.comparisons()) {
        int place = next.merge(one.baseline(), 1, Integer::sum) - 1;
        double[] family = p.get(one.baseline());
        comparisons.add(one.corrected(family[place], family.length));
      }
      signals.add(signal.judged(comparisons, judged(evidence, comparisons)));
    }
    return evidence.with(signals);
  }

  private static Judgement judged(Evidence evidence, List<SignalEvidence.Comparison> comparisons) {
    Set<String> names =
        evidence.signals().stream().map(SignalEvidence::signal).collect(Collectors.toSet());
    Optional<String> length = answerLength(names).filter(name -> !evidence.isShownToBeChance(name));
    return Judgement.of(
        comparisons,
        comparisons.stream()
            .filter(one -> length.filter(one.baseline()::equals).isPresent())
            .findFirst(),
        evidence.records());
  }

  /** Names of the baselines among these signals. */
  static List<String> baselines(Set<String> names) {
    return Stream.of(
            Signal.SURPRISE.id(),
            SampleScore.ANSWER_TOKENS,
            SampleScore.PROMPT_TOKENS,
            SampleScore.NEW_TOKENS)
        .filter(names::contains)
        .toList();
  }

  /** The signal that stands for the answer's length. */
  static Optional<String> answerLength(Set<String> names) {
    return LENGTHS.stream().filter(names::contains).findFirst();
  }

  /** Whether a baseline is a length; lengths may speak either way, and are read the better one. */
  static boolean isLength(String name) {
    return LENGTHS.contains(name) || name.equals(SampleScore.NEW_TOKENS);
  }
}
