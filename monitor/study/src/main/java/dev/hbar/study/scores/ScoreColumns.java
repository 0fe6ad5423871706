package dev.hbar.study.scores;

import static java.util.stream.Collectors.toSet;

import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Sha256;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.HaluEvalTask;
import dev.hbar.study.scores.SampleScore.Scored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The scored samples of a file as columns. Samples that failed are counted, with their reasons, and
 * are in no column. The arrays handed out are not to be changed.
 */
public final class ScoreColumns {
  private static final double LARGEST = 1e100;
  private static final Pattern ANSWER = Pattern.compile("_(cor|hal)\\d*$");

  /** Name of the joint probability's column. */
  public static final String JOINT = Signal.JOINT.id();

  /** Names of the columns that calibration gives a threshold. */
  public static final List<String> CALIBRATED = List.of(Signal.HBAR.id(), Signal.PRI.id(), JOINT);

  private static final String WHOLE = "all";

  private final Origin origin;
  private final Set<String> parts;
  private final List<String> ids;
  private final double[] grades;
  private final int[] labels;
  private final Map<String, double[]> columns;
  private final Map<String, Long> failures;

  /**
   * Columns of rows.
   *
   * @param rows unique ids, the same signals in each
   * @param failures error text to the number of samples that failed with it
   */
  public ScoreColumns(Origin origin, List<Scored> rows, Map<String, Long> failures) {
    this.origin = origin;
    this.parts = parts(origin);
    this.ids = rows.stream().map(Scored::id).toList();
    this.grades = rows.stream().mapToDouble(Scored::grade).toArray();
    this.labels = rows.stream().mapToInt(Scored::label).toArray();
    this.columns = new LinkedHashMap<>();
    Set<String> names = rows.isEmpty() ? Set.of() : rows.getFirst().values().keySet();
    for (String name : names) {
      columns.put(name, rows.stream().mapToDouble(row -> bounded(row, name)).toArray());
    }
    this.failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  /**
   * Refuses samples that were not scored alike.
   *
   * @param file which holds them
   * @throws StudyException naming file and sample
   */
  public static void requireSameSignals(Path file, List<Scored> rows) {
    for (Scored row : rows) {
      if (!row.values().keySet().equals(rows.getFirst().values().keySet())) {
        throw new StudyException(
            file,
            "sample %s has other signals than %s; score all samples alike"
                .formatted(row.id(), rows.getFirst().id()));
      }
    }
  }

  /** Sums of squares must stay finite. */
  private double bounded(Scored row, String name) {
    double value = row.values().get(name);
    if (Math.abs(value) > LARGEST) {
      throw new StudyException(
          Path.of(origin.file()),
          "sample %s: field \"%s\" is %s, and no score passes %s in size"
              .formatted(row.id(), name, value, LARGEST));
    }
    return value;
  }

  private ScoreColumns(ScoreColumns old, String name, double[] values) {
    this.origin = old.origin;
    this.parts = old.parts;
    this.ids = old.ids;
    this.grades = old.grades;
    this.labels = old.labels;
    this.columns = new LinkedHashMap<>(old.columns);
    this.columns.put(name, values);
    this.failures = old.failures;
  }

  /** These and one more column, or that column replaced. */
  public ScoreColumns with(String name, double[] values) {
    return new ScoreColumns(this, name, values);
  }

  /** These, with the joint probability of hbar_s and PRI as the column {@link #JOINT}. */
  public ScoreColumns withJoint(RiskRule.JointModel model) {
    double[] hbar = column(Signal.HBAR.id());
    double[] pri = column(Signal.PRI.id());
    double[] joint = new double[hbar.length];
    Arrays.setAll(joint, i -> model.probability(hbar[i], pri[i]));
    return with(JOINT, joint);
  }

  /** The samples as rows, in their order. */
  public List<Scored> rows() {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Map<String, Double> signals = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> column : columns.entrySet()) {
        signals.put(column.getKey(), column.getValue()[i]);
      }
      rows.add(new Scored(ids.get(i), grades[i], signals));
    }
    return rows;
  }

  /** Where they come from. */
  public Origin origin() {
    return origin;
  }

  /** Number of scored samples. */
  public int size() {
    return ids.size();
  }

  /** Number of samples that failed. */
  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Error text to the number of samples that failed with it, sorted. */
  public Map<String, Long> failures() {
    return failures;
  }

  /** Ids in the file's order. */
  public List<String> ids() {
    return ids;
  }

  /** Labels in the file's order. */
  public int[] labels() {
    return labels;
  }

  /** Grades in the file's order: the labels, unless the data has grades between them. */
  public double[] grades() {
    return grades;
  }

  /** Number of samples with this label. */
  public int count(int label) {
    return (int) Arrays.stream(labels).filter(one -> one == label).count();
  }

  /**
   * These, if there is enough of both labels.
   *
   * @param least samples that each label needs
   * @throws StudyException if there are fewer
   */
  public ScoreColumns requireOfEachLabel(int least) {
    if (count(0) < least || count(1) < least) {
      throw new StudyException(
          Path.of(origin.file()),
          "has %s scored right answers and %s hallucinated ones; at least %s of each are needed; score more samples"
              .formatted(count(0), count(1), least));
    }
    return this;
  }

  /** Names of the signals, in the file's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(columns.keySet());
  }

  /**
   * The values of a signal.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public double[] column(String name) {
    double[] column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("no signal \"" + name + "\" in " + origin.file());
    }
    return column;
  }

  /** The values of a signal for one label. */
  public double[] column(String name, int label) {
    double[] column = column(name);
    return IntStream.range(0, size())
        .filter(i -> labels[i] == label)
        .mapToDouble(i -> column[i])
        .toArray();
  }

  /**
   * For every sample the number of its record, from 0: the two answers of a record (ids that differ
   * in _cor or _hal at their end only) have the same one.
   */
  public int[] recordOf() {
    Map<String, Integer> numbers = new HashMap<>();
    return ids.stream()
        .mapToInt(
            id ->
                numbers.computeIfAbsent(
                    ANSWER.matcher(id).replaceFirst(""), name -> numbers.size()))
        .toArray();
  }

  /** The tasks of the samples, in the order in which they come. */
  public List<String> tasks() {
    return ids.stream().map(this::task).distinct().toList();
  }

  /** For every sample the place of its task in {@link #tasks}. */
  public int[] taskOf() {
    List<String> tasks = tasks();
    return ids.stream().mapToInt(id -> tasks.indexOf(task(id))).toArray();
  }

  /** The part of the data whose name the id begins with. */
  private String task(String id) {
    return parts.stream().filter(part -> id.startsWith(part + "_")).findFirst().orElse(WHOLE);
  }

  private static Set<String> parts(Origin origin) {
    return origin
        .run()
        .map(run -> run.dataSha256().keySet())
        .orElseGet(
            () -> Arrays.stream(HaluEvalTask.values()).map(HaluEvalTask::id).collect(toSet()));
  }

  /**
   * Where scores come from.
   *
   * @param file the score file, as it was named
   * @param fileSha256 hash of its content
   * @param checkpoint name of the model
   * @param run its header; a published file has none
   */
  public record Origin(
      String file, String fileSha256, String checkpoint, Optional<ScoreFile.Header> run) {
    /** Of a file of a few MB at most, named as results name it. */
    static Origin of(Path file, String name, String checkpoint, Optional<ScoreFile.Header> run) {
      try {
        String sha256 = Sha256.hex(RegularFile.bytes(file, 1 << 30));
        return new Origin(name, sha256, checkpoint, run);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
