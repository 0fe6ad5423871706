package dev.hbar.study.scores;

import dev.hbar.monitor.risk.JointModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The scored samples of a file as columns. Samples that failed are counted, with their reasons, and
 * are in no column. The arrays handed out are not to be changed.
 */
public final class ScoreColumns {
  /** hbar_s by its name in score lines; the published files and SampleRow say hbar_s. */
  private static final String HBAR = "hbar";

  /** Name of the joint probability's column. */
  public static final String JOINT = "joint";

  private static final String PUBLISHED_HBAR = "hbar_s";

  private final ScoreOrigin origin;
  private final List<String> ids;
  private final int[] labels;
  private final Map<String, double[]> columns;
  private final Map<String, Long> failures;

  /**
   * Columns of rows.
   *
   * @param rows unique ids, the same signals in each
   * @param failures error text to the number of samples that failed with it
   */
  public ScoreColumns(ScoreOrigin origin, List<SampleRow> rows, Map<String, Long> failures) {
    this.origin = origin;
    this.ids = rows.stream().map(SampleRow::sampleId).toList();
    this.labels = rows.stream().mapToInt(SampleRow::label).toArray();
    this.columns = new LinkedHashMap<>();
    Set<String> names = rows.isEmpty() ? Set.of() : rows.getFirst().signals().keySet();
    for (String name : names) {
      columns.put(
          name.equals(PUBLISHED_HBAR) ? HBAR : name,
          rows.stream().mapToDouble(row -> row.signals().get(name)).toArray());
    }
    this.failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  private ScoreColumns(ScoreColumns old, String name, double[] values) {
    this.origin = old.origin;
    this.ids = old.ids;
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
  public ScoreColumns withJoint(JointModel model) {
    double[] hbar = column(HBAR);
    double[] pri = column("pri");
    double[] joint = new double[hbar.length];
    Arrays.setAll(joint, i -> model.probability(hbar[i], pri[i]));
    return with(JOINT, joint);
  }

  /** The samples as rows, in their order. */
  public List<SampleRow> rows() {
    List<SampleRow> rows = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Map<String, Double> signals = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> column : columns.entrySet()) {
        String name = column.getKey();
        signals.put(name.equals(HBAR) ? PUBLISHED_HBAR : name, column.getValue()[i]);
      }
      rows.add(new SampleRow(ids.get(i), labels[i], signals));
    }
    return rows;
  }

  /** Where they come from. */
  public ScoreOrigin origin() {
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

  /** Number of samples with this label. */
  public int count(int label) {
    return (int) Arrays.stream(labels).filter(one -> one == label).count();
  }

  /**
   * These, if there is enough of both labels.
   *
   * @param least samples that each label needs
   * @throws ScoreFileException if there are fewer
   */
  public ScoreColumns requireOfEachLabel(int least) {
    if (count(0) < least || count(1) < least) {
      throw new ScoreFileException(
          Path.of(origin.file()),
          "has %d scored right answers and %d hallucinated ones; at least %d of each are needed"
              .formatted(count(0), count(1), least));
    }
    return this;
  }

  /** Names of the signals, in the file's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(columns.keySet());
  }

  /** Names of the signals as rows have them. */
  public Set<String> rowNames() {
    return columns.keySet().stream()
        .map(name -> name.equals(HBAR) ? PUBLISHED_HBAR : name)
        .collect(Collectors.toSet());
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
   * in their last part only) have the same one.
   */
  public int[] recordOf() {
    Map<String, Integer> numbers = new HashMap<>();
    return ids.stream()
        .mapToInt(id -> numbers.computeIfAbsent(recordName(id), name -> numbers.size()))
        .toArray();
  }

  private static String recordName(String id) {
    int end = id.lastIndexOf('_');
    return end < 0 ? id : id.substring(0, end);
  }
}
