package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.states.StatesRow;
import dev.hbar.study.statistics.Promise;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.ThresholdCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A detector on a states folder. Samples that it was fitted on get their held-out scores.
 *
 * @param detector what it says about itself
 * @param seen number of samples it was fitted on
 * @param sections the figures
 */
public record DetectorTrial(DetectorReport detector, int seen, List<TaskAssessment> sections) {
  private static final long SEED = 42;

  /** Copies the list. */
  public DetectorTrial {
    sections = List.copyOf(sections);
  }

  /**
   * Tests a detector.
   *
   * @param matched whether only pairs that look alike from outside count
   * @throws DetectorException if it was fitted on another checkpoint or on these answers with
   *     another prompt, or the samples are too few
   */
  public static DetectorTrial run(
      Path folder, DetectionData data, boolean matched, Consumer<String> progress) {
    Scored scored = scored(folder, data);
    List<TaskAssessment> sections =
        new Assessor(data, SEED, progress).tested(scored.report().kind(), scored.scores(), matched);
    return new DetectorTrial(
        scored.report(), data.labels().length - scored.unseen().cardinality(), sections);
  }

  /**
   * The laxest probability below which an answer may be kept, on answers that the detector was not
   * fitted on, one drawn of each record.
   *
   * @param mostWrong the promised share of wrong answers among the kept
   * @param confidence of the promise
   * @return with the threshold in log-odds; empty if nothing can be promised
   * @throws DetectorException if it was fitted on another checkpoint, on all of these answers, or
   *     gives no probability
   */
  public static Optional<Promise> promise(
      Path folder, DetectionData data, boolean matched, double mostWrong, double confidence) {
    Scored scored = scored(folder, data);
    if (!scored.linear()) {
      throw new DetectorException(
          folder, "gives distances, no probabilities, so none can be promised; fit a probe");
    }
    int[] rows =
        IntStream.of(matched ? data.matched(data.all()) : data.all())
            .filter(scored.unseen()::get)
            .toArray();
    if (rows.length == 0) {
      throw new DetectorException(
          folder, "was fitted on all of these answers; a promise needs others");
    }
    DetectionData.Slice slice = DetectionData.Slice.of(rows, data.labels(), data.recordOf());
    int[] drawn = Promise.oneOfEachRecord(slice.recordOf());
    double[] scores = slice.pick(scored.scores());
    return Promise.of(
        IntStream.of(drawn).mapToDouble(i -> scores[i]).toArray(),
        IntStream.of(drawn).map(i -> slice.labels()[i]).toArray(),
        mostWrong,
        confidence);
  }

  /**
   * Scores of all samples.
   *
   * @param unseen those that the detector was not fitted on
   */
  record Scored(DetectorReport report, boolean linear, double[] scores, BitSet unseen) {}

  static Scored scored(Path folder, DetectionData data) {
    DetectorReport report = new DetectorFolder(folder).report();
    String sha256 = data.folder().header().checkpointSha256();
    if (!report.checkpointSha256().equals(sha256)) {
      throw new DetectorException(
          folder,
          "was fitted on another checkpoint (%s) than the states of %s come from (%s); fit one on them"
              .formatted(
                  report.checkpoint(),
                  data.folder().folder(),
                  data.folder().header().checkpoint()));
    }
    Scorer scorer = new DetectorFolder(folder).scorer();
    float[][] features = features(report, data);
    Map<String, Double> heldOut = heldOut(folder, report, data);
    double[] scores = new double[features.length];
    BitSet unseen = new BitSet();
    for (int i = 0; i < scores.length; i++) {
      String id = data.folder().rows().get(i).id();
      unseen.set(i, !heldOut.containsKey(id));
      scores[i] = heldOut.containsKey(id) ? heldOut.get(id) : scorer.score(features[i]);
    }
    return new Scored(report, scorer instanceof Scorer.Linear, scores, unseen);
  }

  /** The scores of answers that the detector was fitted on, which one of its files holds. */
  private static Map<String, Double> heldOut(
      Path folder, DetectorReport report, DetectionData data) {
    StatesFolder.Header header = data.folder().header();
    if (Collections.disjoint(report.dataSha256().values(), header.dataSha256().values())) {
      return Map.of();
    }
    long known =
        data.folder().rows().stream().filter(row -> report.heldOut().containsKey(row.id())).count();
    if (known > 0 && !report.protocol().equals(header.protocol())) {
      throw new DetectorException(
          folder,
          "was fitted on %s of the %s answers of %s with another prompt (%s), so its figures on them would be too good; keep their states with that prompt (--template), or those of other answers (--skip)"
              .formatted(known, data.labels().length, data.folder().folder(), report.protocol()));
    }
    return report.heldOut();
  }

  private static float[][] features(DetectorReport report, DetectionData data) {
    if (report.features().isEmpty()) {
      return data.folder().states(report.point(), StatePosition.of(report.position()));
    }
    if (!report.features().equals(data.signalNames())) {
      throw new DetectorException(
          data.folder().folder(),
          "has other signals than the detector was fitted on; make the states with the same --signals");
    }
    return data.signals().byName().get("signals");
  }

  /**
   * A detector on single tokens whose answers have marked parts. Answers that it was fitted on are
   * left out: they have no held-out scores by token.
   *
   * @param answers number of marked answers
   * @param leftOut of them, because the detector was fitted on them
   * @param tokens number of their tokens
   * @param marked how many of them are marked as hallucinated
   * @param figure how well log-odds tell marked tokens from others; intervals take the tokens of a
   *     record together
   * @param byProbability flagging what has a probability of at least one half
   * @param best the threshold of the highest F1 on these very tokens, so too good
   */
  @JsonPropertyOrder({
    "answers",
    "left_out",
    "tokens",
    "marked",
    "figure",
    "by_probability",
    "best"
  })
  public record TokenTrial(
      int answers,
      int leftOut,
      int tokens,
      int marked,
      TaskAssessment.Separation figure,
      Flags byProbability,
      Flags best) {
    /**
     * What flagging from a threshold on gives.
     *
     * @param logOdds the threshold
     */
    @JsonPropertyOrder({"log_odds", "precision", "recall", "f1"})
    public record Flags(double logOdds, double precision, double recall, double f1) {
      static Flags of(double logOdds, int hits, int falseAlarms, int marked) {
        double precision = hits + falseAlarms == 0 ? 0 : hits / (double) (hits + falseAlarms);
        double recall = marked == 0 ? 0 : hits / (double) marked;
        return new Flags(
            logOdds, precision, recall, 2.0 * hits / Math.max(1, hits + falseAlarms + marked));
      }
    }

    /**
     * Tests a detector.
     *
     * @param data of a folder that keeps the states of every answer token
     * @throws DetectorException if the detector looks at no state, or no marked answer is left
     */
    public static TokenTrial run(Path folder, DetectionData data) {
      DetectorTrial.Scored scored = DetectorTrial.scored(folder, data);
      DetectorReport report = scored.report();
      if (!report.features().isEmpty()
          || !report.point().matches("block\\..*|final_norm|embedding")) {
        throw new DetectorException(
            folder, "looks at whole answers only; probe and direction look at tokens");
      }
      float[][] states = data.folder().states(report.point(), StatePosition.ANSWER);
      Scorer scorer = new DetectorFolder(folder).scorer();
      List<Double> scores = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      List<Integer> records = new ArrayList<>();
      int answers = 0;
      int leftOut = 0;
      for (int i = 0; i < data.labels().length; i++) {
        StatesRow row = data.folder().rows().get(i);
        answers += row.tokenLabels().isEmpty() ? 0 : 1;
        if (!row.tokenLabels().isEmpty() && !scored.unseen().get(i)) {
          leftOut++;
          continue;
        }
        for (int t = 0; t < row.tokenLabels().length(); t++) {
          scores.add(scorer.score(states[Math.toIntExact(row.tokenRow()) + t]));
          labels.add(row.tokenLabels().charAt(t) - '0');
          records.add(data.recordOf()[i]);
        }
      }
      if (scores.isEmpty()) {
        throw new DetectorException(
            folder,
            "finds no marked answer in these states that it was not fitted on; test it on others");
      }
      return of(data.folder().folder(), answers, leftOut, ints(labels), ints(records), scores);
    }

    /** Of single tokens in a states folder: labels 0 or 1, records of their answers, log-odds. */
    static TokenTrial of(
        Path states, int answers, int leftOut, int[] labels, int[] records, List<Double> scores) {
      double[] logOdds = scores.stream().mapToDouble(Double::doubleValue).toArray();
      int[] all = new int[labels.length];
      int marked = 0;
      int hits = 0;
      int falseAlarms = 0;
      for (int i = 0; i < all.length; i++) {
        all[i] = i;
        marked += labels[i];
        hits += logOdds[i] >= 0 ? labels[i] : 0;
        falseAlarms += logOdds[i] >= 0 ? 1 - labels[i] : 0;
      }
      if (marked == 0 || marked == all.length) {
        throw new DetectorException(
            states,
            "%s of %s tokens are marked, and a test needs both kinds; keep states of other answers"
                .formatted(marked, all.length));
      }
      DetectionData.Slice slice = DetectionData.Slice.of(all, labels, records);
      return new TokenTrial(
          answers,
          leftOut,
          all.length,
          marked,
          TaskAssessment.Separation.of("tokens", logOdds, slice),
          Flags.of(0, hits, falseAlarms, marked),
          best(new Ranking(logOdds, labels).counts(), marked));
    }

    private static Flags best(ThresholdCounts counts, int marked) {
      Flags best = Flags.of(Double.POSITIVE_INFINITY, 0, 0, marked);
      for (int i = 0; i < counts.thresholds().length; i++) {
        Flags one =
            Flags.of(
                counts.thresholds()[i],
                counts.truePositives()[i],
                counts.falsePositives()[i],
                marked);
        best = one.f1() > best.f1() ? one : best;
      }
      return best;
    }

    private static int[] ints(List<Integer> values) {
      return values.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
