package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.RecordVariance;
import dev.hbar.study.statistics.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Every signal against every baseline, on the same samples and resamples. */
final class SignalComparisons {
  private final List<String> names;
  private final List<Placements> placements;
  private final Bootstrap bootstrap;
  private final RecordVariance records;

  SignalComparisons(
      List<String> names,
      List<Placements> placements,
      Bootstrap bootstrap,
      RecordVariance records) {
    this.names = names;
    this.placements = placements;
    this.bootstrap = bootstrap;
    this.records = records;
  }

  /** For every signal its comparisons: with chance, then with each baseline but itself. */
  List<List<Comparison>> perSignal() {
    List<List<Comparison>> all = new ArrayList<>();
    names.forEach(name -> all.add(new ArrayList<>()));
    add(all, Comparison.CHANCE);
    Baselines.among(Set.copyOf(names)).forEach(baseline -> add(all, baseline));
    return all;
  }

  /** The verdict on a signal from its corrected comparisons. */
  static Verdict verdict(List<Comparison> comparisons, Optional<String> answerLength) {
    Comparison chance = comparisons.getFirst();
    if (chance.isWorse()) {
      return Verdict.WORSE;
    }
    if (!chance.isBetter()) {
      return Verdict.CHANCE;
    }
    boolean longAnswersDoAsWell =
        comparisons.stream()
            .filter(one -> answerLength.filter(one.baseline()::equals).isPresent())
            .anyMatch(one -> !one.isBetter());
    return longAnswersDoAsWell ? Verdict.NO_BETTER_THAN_LENGTH : Verdict.BETTER;
  }

  private void add(List<List<Comparison>> all, String baseline) {
    int[] compared =
        IntStream.range(0, names.size()).filter(s -> !names.get(s).equals(baseline)).toArray();
    Placements against = placements(baseline);
    double[] p =
        Arrays.stream(compared)
            .mapToDouble(s -> placements.get(s).pSameAuroc(against, records))
            .toArray();
    double[] corrected = Holm.correct(p);
    for (int i = 0; i < compared.length; i++) {
      int s = compared[i];
      double[] differences = differences(s, baseline);
      all.get(s)
          .add(
              new Comparison(
                  baseline,
                  placements.get(s).auroc() - against.auroc(),
                  bootstrap.interval(differences),
                  placements.get(s).pSameAuroc(against),
                  Bootstrap.p(differences),
                  p[i],
                  corrected[i]));
    }
  }

  private Placements placements(String baseline) {
    if (baseline.equals(Comparison.CHANCE)) {
      return placements.getFirst().chance();
    }
    Placements found = placements.get(names.indexOf(baseline));
    return isTurned(baseline) ? found.turned() : found;
  }

  /** Lengths may speak either way, and are read the better one. */
  private boolean isTurned(String baseline) {
    return Baselines.isLength(baseline) && placements.get(names.indexOf(baseline)).auroc() < 0.5;
  }

  private double[] differences(int s, String baseline) {
    double[] mine = bootstrap.auroc()[s];
    if (baseline.equals(Comparison.CHANCE)) {
      return Arrays.stream(mine).map(auroc -> auroc - 0.5).toArray();
    }
    double[] theirs = bootstrap.auroc()[names.indexOf(baseline)];
    boolean turned = isTurned(baseline);
    return IntStream.range(0, mine.length)
        .mapToDouble(r -> mine[r] - (turned ? 1 - theirs[r] : theirs[r]))
        .toArray();
  }
}
