package dev.hbar.study.detect;

import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.states.StatesRequest;
import dev.hbar.study.states.StatesRow;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Strata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The labelled samples of a states folder. The arrays are not to be changed.
 *
 * @param folder where the states are
 * @param labels 0 right, 1 hallucinated
 * @param recordOf number of each sample's record, from 0
 */
public record DetectionData(StatesFolder folder, int[] labels, int[] recordOf) {
  private static final List<String> ENDINGS = List.of(".", "!", "?", "\"", ")");
  private static final int LENGTHS = 4;

  /** In fewer records with a right answer, or with a wrong one, nothing is tested. */
  static final int LEAST = 10;

  /**
   * The samples of a folder.
   *
   * @throws StudyException if there are none
   */
  public static DetectionData of(StatesFolder folder) {
    if (folder.rows().isEmpty()) {
      throw new StudyException(
          folder.folder(),
          "has no states (%s samples failed; \"error\" in index.jsonl says why); keep states of other samples"
              .formatted(folder.failed()));
    }
    Map<String, Integer> records = new HashMap<>();
    int[] recordOf = new int[folder.rows().size()];
    for (int i = 0; i < recordOf.length; i++) {
      recordOf[i] =
          records.computeIfAbsent(folder.rows().get(i).record(), record -> records.size());
    }
    int[] labels = folder.rows().stream().mapToInt(StatesRow::label).toArray();
    return new DetectionData(folder, labels, recordOf);
  }

  /**
   * Those samples of a task that can be tested on.
   *
   * @param matched whether only pairs that look alike from outside count
   * @throws DetectorException if they are too few of a label
   */
  Slice requireEnough(String task, boolean matched) {
    int[] rows = matched ? matched(ofTask(task)) : ofTask(task);
    Slice slice = Slice.of(rows, labels, recordOf);
    if (!slice.isEnough()) {
      throw new DetectorException(folder.folder(), tooFew(task + " has " + slice.words(), matched));
    }
    return slice;
  }

  /** An error's words. */
  static String tooFew(String counts, boolean matched) {
    return "%s, too few to test on (at least %s with each); keep states of more%s"
        .formatted(counts, LEAST, matched ? ", or leave --matched out" : "");
  }

  /** The grades of all samples: the labels, unless the data has some between them. */
  double[] grades() {
    return folder.rows().stream().mapToDouble(StatesRow::exact).toArray();
  }

  /** All samples. */
  int[] all() {
    return IntStream.range(0, labels.length).toArray();
  }

  /** The tasks in the order of their first samples. */
  Set<String> tasks() {
    Set<String> tasks = new LinkedHashSet<>();
    folder.rows().forEach(row -> tasks.add(row.task()));
    return tasks;
  }

  /** The samples of a task. */
  int[] ofTask(String task) {
    return IntStream.of(all()).filter(i -> folder.rows().get(i).task().equals(task)).toArray();
  }

  /** Those of these samples that have a partner among them, alike from outside. */
  int[] matched(int[] rows) {
    return IntStream.of(rows)
        .filter(i -> IntStream.of(rows).anyMatch(k -> partners(i, k)))
        .toArray();
  }

  private boolean partners(int i, int k) {
    StatesRow.AnswerText one = folder.rows().get(i).text();
    StatesRow.AnswerText other = folder.rows().get(k).text();
    int longer = Math.max(one.chars(), other.chars());
    return recordOf[i] == recordOf[k]
        && labels[i] != labels[k]
        && one.last().equals(other.last())
        && Math.abs(one.chars() - other.chars()) <= Sample.LENGTH_TOLERANCE * longer;
  }

  /** States by the names of their points. */
  Features states(List<String> points, StatePosition position) {
    Map<String, float[][]> byName = new LinkedHashMap<>();
    points.forEach(point -> byName.put(point, folder.states(point, position)));
    return new Features(byName);
  }

  /** What a bag of words knows: the mean of the answer's embeddings. */
  Features bag() {
    return states(List.of(StatesRequest.EMBEDDING), StatePosition.MEAN_ANSWER);
  }

  /** Names of the signals, in the order of {@link #signals}. */
  List<String> signalNames() {
    return List.copyOf(folder.rows().getFirst().signals().keySet());
  }

  /** Whether the signals of the answers' tokens were measured. */
  boolean hasSignals() {
    return !folder.header().signals().equals("none");
  }

  /**
   * The signals of every answer.
   *
   * @throws StudyException if they were not measured
   */
  Features signals() {
    if (!hasSignals()) {
      throw new StudyException(
          folder.folder(), "has no signals; make it again with hbar states --signals all");
    }
    List<String> names = signalNames();
    float[][] values = new float[labels.length][names.size()];
    for (int i = 0; i < labels.length; i++) {
      for (int k = 0; k < names.size(); k++) {
        values[i][k] = folder.rows().get(i).signals().get(names.get(k)).floatValue();
      }
    }
    return Features.of("signals", values);
  }

  /** One signal of every answer. */
  double[] signal(String name) {
    return folder.rows().stream().mapToDouble(row -> row.signals().get(name)).toArray();
  }

  /** One feature of every answer's text. */
  double[] text(ToDoubleFunction<StatesRow.AnswerText> feature) {
    return folder.rows().stream().map(StatesRow::text).mapToDouble(feature).toArray();
  }

  /** Length, ending and overlap of every answer. */
  Features surface() {
    List<float[]> rows = new ArrayList<>();
    for (StatesRow row : folder.rows()) {
      rows.add(surface(row));
    }
    return Features.of("surface", rows.toArray(float[][]::new));
  }

  /**
   * What an answer looks like, in numbers: logarithm of its characters, its words and tokens, the
   * share of its words that stand before it, and the class of its last character.
   */
  private static float[] surface(StatesRow row) {
    StatesRow.AnswerText text = row.text();
    float[] features = new float[LENGTHS + ENDINGS.size() + 2];
    features[0] = (float) Math.log1p(text.chars());
    features[1] = text.words();
    features[2] = row.answerTokens();
    features[3] = (float) text.overlap();
    int ending = ENDINGS.indexOf(text.last());
    if (ending >= 0) {
      features[LENGTHS + ending] = 1;
    } else if (!text.last().isEmpty()) {
      int last = text.last().codePointAt(0);
      features[LENGTHS + ENDINGS.size()] = Character.isLetter(last) ? 1 : 0;
      features[LENGTHS + ENDINGS.size() + 1] = Character.isDigit(last) ? 1 : 0;
    }
    return features;
  }

  /**
   * Some samples with their labels and records.
   *
   * @param rows the samples
   * @param labels of the samples in {@code rows}
   * @param recordOf record of the samples in {@code rows}, from 0
   */
  record Slice(int[] rows, int[] labels, int[] recordOf) {
    static Slice of(int[] rows, int[] labels, int[] recordOf) {
      Map<Integer, Integer> numbers = new HashMap<>();
      int[] records =
          IntStream.of(rows)
              .map(row -> numbers.computeIfAbsent(recordOf[row], r -> numbers.size()))
              .toArray();
      int[] own = IntStream.of(rows).map(row -> labels[row]).toArray();
      return new Slice(rows, own, records);
    }

    /** The values of these samples. */
    double[] pick(double[] values) {
      return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
    }

    /** All of one task: a single stratum. */
    Strata strata() {
      return new Strata(new int[rows.length], recordOf, labels);
    }

    double auroc(double[] scores) {
      return strata().auroc(strata().placements(pick(scores))).value();
    }

    int recordCount() {
      return (int) IntStream.of(recordOf).distinct().count();
    }

    /** Number of records that have an answer with this label. */
    int recordsWith(int label) {
      return (int)
          IntStream.range(0, rows.length)
              .filter(i -> labels[i] == label)
              .map(i -> recordOf[i])
              .distinct()
              .count();
    }

    boolean isEnough() {
      return Math.min(recordsWith(0), recordsWith(1)) >= LEAST;
    }

    String words() {
      return "%s records with a right answer and %s with a wrong one"
          .formatted(recordsWith(0), recordsWith(1));
    }

    double pairAccuracy(double[] scores) {
      PairAccuracy pairs = PairAccuracy.of(pick(scores), labels, recordOf);
      return pairs.records() == 0 ? Double.NaN : pairs.value();
    }
  }

  /**
   * What detectors may choose from: for each name (a block, or "signals") one row of numbers per
   * sample. The arrays are not to be changed.
   */
  record Features(Map<String, float[][]> byName) {
    Features {
      byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    static Features of(String name, float[][] values) {
      return new Features(Map.of(name, values));
    }
  }
}
