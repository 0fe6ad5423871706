package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Area;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.EvidenceSettings;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.RecordVariance;
import dev.hbar.study.statistics.Reliability;
import dev.hbar.study.statistics.Resamples;
import dev.hbar.study.statistics.RiskCoverage;
import dev.hbar.study.statistics.ThresholdCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Computes {@link Evidence} from score columns. One analysis: create, {@link #run}, throw away. */
public final class EvidenceAnalysis {
  private static final double LEAKAGE = 0.95;
  private static final double LEVEL = 0.05;

  private final ScoreColumns columns;
  private final Map<String, Polarity> polarity;
  private final EvidenceSettings settings;
  private final List<String> names;
  private final List<Ranking> rankings;
  private final List<Placements> placements;
  private final RecordVariance records;

  /**
   * An analysis.
   *
   * @param columns with both labels; the joint probability, if any, as {@link ScoreColumns#JOINT}
   * @param polarity of signals whose direction is calibrated; others have the usual one
   */
  public EvidenceAnalysis(
      ScoreColumns columns, Map<String, Polarity> polarity, EvidenceSettings settings) {
    this.columns = columns;
    this.polarity = Map.copyOf(polarity);
    this.settings = settings;
    this.names = List.copyOf(columns.names());
    this.records = RecordVariance.of(columns.recordOf(), columns.labels());
    this.rankings =
        names.stream().map(name -> new Ranking(oriented(name), columns.labels())).toList();
    this.placements =
        names.stream()
            .map(
                name ->
                    Placements.of(
                        polarity(name).orient(columns.column(name, 1)),
                        polarity(name).orient(columns.column(name, 0))))
            .toList();
  }

  /** Everything; takes about a second for 500 samples and 20 signals. */
  public Evidence run() {
    int[] labels = columns.labels();
    int[] recordOf = columns.recordOf();
    Bootstrap stratified =
        Bootstrap.run(rankings, Resamples.stratified(labels, settings.seed()), settings);
    Bootstrap byRecord =
        Bootstrap.run(rankings, Resamples.byRecord(recordOf, labels, settings.seed()), settings);
    List<List<Comparison>> comparisons =
        new SignalComparisons(names, placements, byRecord, records).perSignal();
    List<SignalEvidence> signals =
        IntStream.range(0, names.size())
            .mapToObj(s -> signal(s, stratified, byRecord, comparisons.get(s)))
            .toList();
    List<Control> controls = Controls.of(columns);
    return new Evidence(
        settings,
        columns.size(),
        columns.count(1),
        records.records(),
        columns.failed(),
        columns.failures(),
        signals,
        SignalCorrelations.of(columns),
        reliability(),
        controls,
        warnings(signals));
  }

  private SignalEvidence signal(
      int s, Bootstrap stratified, Bootstrap byRecord, List<Comparison> comparisons) {
    String name = names.get(s);
    ThresholdCounts counts = rankings.get(s).counts();
    Moments right = Moments.of(columns.column(name, 0));
    Moments hallucinated = Moments.of(columns.column(name, 1));
    return new SignalEvidence(
        name,
        polarity(name),
        right,
        hallucinated,
        hallucinated.cohensD(right),
        new Area(
            counts.auroc(),
            stratified.interval(stratified.auroc()[s]),
            byRecord.interval(byRecord.auroc()[s])),
        new Area(
            counts.averagePrecision(),
            stratified.interval(stratified.averagePrecision()[s]),
            byRecord.interval(byRecord.averagePrecision()[s])),
        RiskCoverage.of(counts).rejectionRatio(),
        comparisons,
        SignalComparisons.verdict(comparisons, tellingLength()));
  }

  /** The answer's length, if it tells the labels apart by itself. */
  private Optional<String> tellingLength() {
    return Baselines.answerLength(columns.names())
        .filter(
            name -> {
              Placements length = placements.get(names.indexOf(name));
              return length.pSameAuroc(length.chance(), records) < LEVEL;
            });
  }

  private Optional<Reliability> reliability() {
    return names.contains(ScoreColumns.JOINT)
        ? Optional.of(Reliability.of(columns.column(ScoreColumns.JOINT), columns.labels()))
        : Optional.empty();
  }

  private List<String> warnings(List<SignalEvidence> signals) {
    List<String> warnings = new ArrayList<>();
    for (SignalEvidence signal : signals) {
      if (signal.auroc().value() > LEAKAGE) {
        warnings.add(
            "%s reaches AUROC %.3f: no published detector does; look for a leak (see the control table)"
                .formatted(signal.signal(), signal.auroc().value()));
      }
    }
    if (columns.failed() > 0) {
      warnings.add(
          "%d of %d samples failed and are in no figure"
              .formatted(columns.failed(), columns.size() + columns.failed()));
    }
    return warnings;
  }

  private double[] oriented(String name) {
    return polarity(name).orient(columns.column(name));
  }

  private Polarity polarity(String name) {
    return polarity.getOrDefault(name, Polarity.usual(name));
  }
}
