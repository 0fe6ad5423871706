package dev.hbar.study.report;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What can be promised about the answers that a threshold keeps, for people. */
public final class PromiseText {
  private static final long SEED = 42;
  private static final List<String> SIGNALS = List.of("hbar", "pri", ScoreColumns.JOINT);

  private PromiseText() {}

  /**
   * One line per signal. Of every record one answer is drawn: both would not be independent.
   *
   * @param columns of samples that nothing was fitted on
   * @param polarity which side of a signal is risky
   * @param mostWrong share of wrong answers among the kept
   * @param confidence of the promise
   */
  public static String of(
      ScoreColumns columns,
      Function<String, Polarity> polarity,
      double mostWrong,
      double confidence) {
    int[] drawn = oneOfEachRecord(columns.recordOf());
    int[] labels = Arrays.stream(drawn).map(i -> columns.labels()[i]).toArray();
    StringBuilder text = new StringBuilder();
    for (String signal : SIGNALS) {
      Polarity risky = polarity.apply(signal);
      double[] all = risky.orient(columns.column(signal));
      double[] scores = Arrays.stream(drawn).mapToDouble(i -> all[i]).toArray();
      Optional<Promise> promise = Promise.of(scores, labels, mostWrong, confidence);
      text.append(
          promise
              .map(found -> line(signal, risky, found))
              .orElse(
                  "no threshold on %s keeps at most %s %% wrong answers with confidence %s %%%n"
                      .formatted(signal, percent(mostWrong), percent(confidence))));
    }
    return text.toString();
  }

  private static String line(String signal, Polarity risky, Promise promise) {
    String bound = EvidenceText.number("%.6f", risky.orient(promise.threshold()));
    return "with %s %s %s at most %s %% of the answers are wrong, confidence %s %% (%s of %s kept, %s wrong)%n"
        .formatted(
            signal,
            risky == Polarity.HIGH ? "<" : ">",
            bound,
            percent(promise.mostWrong()),
            percent(promise.confidence()),
            promise.kept(),
            promise.samples(),
            promise.wrong());
  }

  private static String percent(double share) {
    return EvidenceText.number("%.4g", 100 * share).replaceFirst("\\.?0+$", "");
  }

  private static int[] oneOfEachRecord(int[] recordOf) {
    SplittableRandom random = new SplittableRandom(SEED);
    int records = 1 + Arrays.stream(recordOf).max().orElse(-1);
    int[] chosen = new int[records];
    int[] seen = new int[records];
    for (int i : IntStream.range(0, recordOf.length).toArray()) {
      // The k-th answer of a record takes the place with probability 1 / k.
      if (random.nextInt(++seen[recordOf[i]]) == 0) {
        chosen[recordOf[i]] = i;
      }
    }
    return chosen;
  }
}
