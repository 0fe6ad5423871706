package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.ClusteredLogit;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.GradeAgreement;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.Reliability;
import dev.hbar.study.statistics.RiskCoverage;
import dev.hbar.study.statistics.Strata;
import dev.hbar.study.statistics.ThresholdCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Computes {@link Evidence} from score columns. One analysis: create, {@link #run}, throw away. */
public final class EvidenceAnalysis {
  private static final double LEAKAGE = 0.95;
  private static final String PLACE = "place in the file";

  private final ScoreColumns columns;
  private final Map<String, Polarity> polarity;
  private final Set<String> fitted;
  private final Bootstrap.Settings settings;
  private final List<String> names;
  private final int[] labels;
  private final int[] recordOf;
  private final Strata strata;
  private final Optional<LengthCovariate> length;
  private final Map<String, double[]> oriented = new LinkedHashMap<>();
  private final Map<String, List<Placements>> placements = new LinkedHashMap<>();

  /**
   * An analysis.
   *
   * @param columns with both labels; the joint probability, if any, as {@link ScoreColumns#JOINT}
   * @param polarity of signals whose direction is calibrated; others have the usual one
   */
  public EvidenceAnalysis(
      ScoreColumns columns, Map<String, Polarity> polarity, Bootstrap.Settings settings) {
    this(columns, polarity, Set.of(), settings);
  }

  /**
   * An analysis of samples on which something was fitted.
   *
   * @param fitted signals that were, or whose direction was
   */
  public EvidenceAnalysis(
      ScoreColumns columns,
      Map<String, Polarity> polarity,
      Set<String> fitted,
      Bootstrap.Settings settings) {
    this.columns = columns;
    this.polarity = Map.copyOf(polarity);
    this.fitted = Set.copyOf(fitted);
    this.settings = settings;
    this.names = List.copyOf(columns.names());
    this.labels = columns.labels();
    this.recordOf = columns.recordOf();
    this.strata = new Strata(columns.taskOf(), recordOf, labels);
    this.length =
        BaselineComparisons.answerLength(columns.names())
            .map(name -> LengthCovariate.of(columns, name));
    for (String name : names) {
      oriented.put(name, polarity(name).orient(columns.column(name)));
      placements.put(name, strata.placements(oriented.get(name)));
    }
  }

  /** Everything; takes about a second for 500 samples and 20 signals. */
  public Evidence run() {
    List<Ranking> rankings =
        names.stream().map(name -> new Ranking(oriented.get(name), labels)).toList();
    Bootstrap stratified =
        Bootstrap.run(rankings, Bootstrap.Resamples.stratified(labels, settings.seed()), settings);
    Bootstrap byRecord =
        Bootstrap.run(
            rankings, Bootstrap.Resamples.byRecord(recordOf, labels, settings.seed()), settings);
    BaselineComparisons comparisons = new BaselineComparisons(placements, strata);
    List<SignalEvidence> signals =
        IntStream.range(0, names.size())
            .mapToObj(s -> signal(s, rankings.get(s).counts(), stratified, byRecord, comparisons))
            .toList();
    Evidence evidence =
        new Evidence(
            settings,
            columns.size(),
            columns.count(1),
            (int) IntStream.of(recordOf).distinct().count(),
            columns.failed(),
            columns.failures(),
            signals,
            tasks(),
            Evidence.Correlation.between(columns),
            reliability(),
            controls(),
            graded(),
            warnings(signals));
    return BaselineComparisons.corrected(List.of(evidence)).getFirst();
  }

  private SignalEvidence signal(
      int s,
      ThresholdCounts counts,
      Bootstrap stratified,
      Bootstrap byRecord,
      BaselineComparisons comparisons) {
    String name = names.get(s);
    Moments right = Moments.of(columns.column(name, 0));
    Moments hallucinated = Moments.of(columns.column(name, 1));
    List<SignalEvidence.Comparison> compared = comparisons.of(name);
    return new SignalEvidence(
        name,
        polarity(name),
        fitted.contains(name),
        right,
        hallucinated,
        hallucinated.cohensD(right),
        strata.auroc(placements.get(name)),
        PairAccuracy.of(oriented.get(name), labels, recordOf),
        length.flatMap(covariate -> covariate.beside(name, oriented.get(name))),
        new SignalEvidence.PooledArea(
            counts.auroc(),
            stratified.interval(stratified.auroc()[s]),
            byRecord.interval(byRecord.auroc()[s])),
        new SignalEvidence.PooledArea(
            counts.averagePrecision(),
            stratified.interval(stratified.averagePrecision()[s]),
            byRecord.interval(byRecord.averagePrecision()[s])),
        RiskCoverage.of(counts).rejectionRatio(),
        compared,
        Judgement.of(compared, Optional.empty(), strata.records()));
  }

  private List<Evidence.Task> tasks() {
    int[] taskOf = columns.taskOf();
    List<String> tasks = columns.tasks();
    return IntStream.range(0, tasks.size())
        .mapToObj(
            task ->
                task(
                    tasks.get(task),
                    IntStream.range(0, taskOf.length).filter(i -> taskOf[i] == task).toArray()))
        .toList();
  }

  private Evidence.Task task(String task, int[] samples) {
    int[] mine = IntStream.of(samples).map(i -> labels[i]).toArray();
    int[] records = IntStream.of(samples).map(i -> recordOf[i]).toArray();
    int hallucinated = IntStream.of(mine).sum();
    List<Evidence.Task.Signal> signals = new ArrayList<>();
    if (hallucinated > 0 && hallucinated < mine.length) {
      Strata one = new Strata(new int[mine.length], records, mine);
      for (String name : names) {
        double[] all = oriented.get(name);
        double[] scores = IntStream.of(samples).mapToDouble(i -> all[i]).toArray();
        signals.add(
            new Evidence.Task.Signal(
                name, one.auroc(one.placements(scores)), PairAccuracy.of(scores, mine, records)));
      }
    }
    return new Evidence.Task(
        task,
        samples.length,
        hallucinated,
        (int) IntStream.of(records).distinct().count(),
        signals);
  }

  private List<GradeAgreement> graded() {
    double[] grades = columns.grades();
    return GradeAgreement.isGraded(grades)
        ? names.stream()
            .map(name -> GradeAgreement.of(name, oriented.get(name), grades, recordOf))
            .toList()
        : List.of();
  }

  /** What lengths and the place in the file reach: a warning if a signal looks too good. */
  private List<Evidence.Control> controls() {
    List<Evidence.Control> controls = new ArrayList<>();
    names.stream()
        .filter(BaselineComparisons::isLength)
        .forEach(name -> controls.add(control(name, placements.get(name))));
    double[] place = IntStream.range(0, labels.length).asDoubleStream().toArray();
    controls.add(control(PLACE, strata.placements(place)));
    return controls;
  }

  private Evidence.Control control(String name, List<Placements> found) {
    Estimate auroc = strata.auroc(found);
    return new Evidence.Control(
        name,
        auroc.value() < 0.5
            ? strata.auroc(found.stream().map(Placements::turned).toList())
            : auroc);
  }

  private Optional<Reliability> reliability() {
    return names.contains(ScoreColumns.JOINT)
        ? Optional.of(Reliability.of(columns.column(ScoreColumns.JOINT), labels))
        : Optional.empty();
  }

  private List<String> warnings(List<SignalEvidence> signals) {
    List<String> warnings = new ArrayList<>();
    for (SignalEvidence signal : signals) {
      if (Math.max(signal.auroc().value(), signal.within().value()) > LEAKAGE) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "%s reaches AUROC %.3f: no published detector does; look for a leak (see the control table)",
                signal.signal(),
                Math.max(signal.auroc().value(), signal.within().value())));
      }
    }
    if (names.contains(ScoreColumns.JOINT)) {
      Evidence.JointRange.of(columns.column(ScoreColumns.JOINT)).warning().ifPresent(warnings::add);
    }
    if (columns.failed() > 0) {
      warnings.add(
          "%s of %s samples failed and are in no figure"
              .formatted(columns.failed(), columns.size() + columns.failed()));
    }
    return warnings;
  }

  private Polarity polarity(String name) {
    return polarity.getOrDefault(name, Signal.of(name).risky());
  }

  /**
   * Whether a signal says something beside the answer's length: its coefficient in a logistic
   * regression of the label on one constant per task, the length and the signal, both standardized
   * within the task.
   */
  static final class LengthCovariate {
    private final String name;
    private final int[] labels;
    private final int[] recordOf;
    private final int[] taskOf;
    private final int tasks;
    private final double[] length;

    private LengthCovariate(ScoreColumns columns, String name) {
      this.name = name;
      this.labels = columns.labels();
      this.recordOf = columns.recordOf();
      this.taskOf = columns.taskOf();
      this.tasks = columns.tasks().size();
      this.length = standardized(columns.column(name));
    }

    static LengthCovariate of(ScoreColumns columns, String name) {
      return new LengthCovariate(columns, name);
    }

    /** The coefficient of a signal; empty for the length itself. */
    Optional<Estimate> beside(String signal, double[] oriented) {
      if (signal.equals(name)) {
        return Optional.empty();
      }
      double[] values = standardized(oriented);
      double[][] rows = new double[labels.length][tasks + 2];
      for (int i = 0; i < rows.length; i++) {
        rows[i][taskOf[i]] = 1;
        rows[i][tasks] = length[i];
        rows[i][tasks + 1] = values[i];
      }
      return new ClusteredLogit(rows, labels, recordOf).last();
    }

    private double[] standardized(double[] values) {
      double[] standardized = new double[values.length];
      for (int task = 0; task < tasks; task++) {
        int one = task;
        int[] samples = IntStream.range(0, values.length).filter(i -> taskOf[i] == one).toArray();
        Moments moments = Moments.of(IntStream.of(samples).mapToDouble(i -> values[i]).toArray());
        for (int i : samples) {
          standardized[i] = moments.sd() > 0 ? (values[i] - moments.mean()) / moments.sd() : 0;
        }
      }
      return standardized;
    }
  }
}
