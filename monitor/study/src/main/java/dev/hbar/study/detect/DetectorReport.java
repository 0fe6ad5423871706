package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A detector's JSON: what it is, what it was fitted on and what it is worth.
 *
 * @param format version of this form
 * @param kind see {@link DetectorKind}
 * @param point the features it looks at
 * @param position where they are taken
 * @param strength of its regularization
 * @param features names of the signals it looks at; empty for states
 * @param checkpoint name of the checkpoint
 * @param checkpointSha256 hash of the checkpoint
 * @param dataSha256 part of the data to the hash of its file
 * @param protocol how prompts are made of records
 * @param selection which samples, in words
 * @param samples number of samples it was fitted on
 * @param records number of their records
 * @param folds outer folds by record
 * @param seed of the folds
 * @param choices what each outer fold chose
 * @param sections held-out figures and baselines
 * @param controls what the procedure finds where there is nothing
 * @param heldOut sample id to its held-out log-odds
 */
@JsonPropertyOrder({
  "format",
  "kind",
  "point",
  "position",
  "strength",
  "features",
  "checkpoint",
  "checkpoint_sha256",
  "data_sha256",
  "protocol",
  "selection",
  "samples",
  "records",
  "folds",
  "seed",
  "choices",
  "sections",
  "controls",
  "held_out"
})
public record DetectorReport(
    int format,
    String kind,
    String point,
    String position,
    double strength,
    List<String> features,
    String checkpoint,
    String checkpointSha256,
    Map<String, String> dataSha256,
    String protocol,
    String selection,
    int samples,
    int records,
    int folds,
    long seed,
    List<Choice> choices,
    List<TaskAssessment> sections,
    Controls controls,
    Map<String, Double> heldOut) {
  /** The version that is written. */
  static final int FORMAT = 1;

  /** Copies the collections, the maps sorted. */
  public DetectorReport {
    features = List.copyOf(features);
    dataSha256 = new TreeMap<>(dataSha256);
    choices = List.copyOf(choices);
    sections = List.copyOf(sections);
    heldOut = new TreeMap<>(heldOut);
  }

  /**
   * What a user of its colours has to know: that no answers show it to know more than their
   * surface.
   *
   * @return empty if some do
   */
  public Optional<String> reservation() {
    if (sections.stream().anyMatch(one -> one.verdict().equals(TaskAssessment.KNOWS))) {
      return Optional.empty();
    }
    return Optional.of(
        sections.isEmpty()
            ? "was fitted on too few records to be tested; do not rely on its colours"
            : figure(sections.getFirst()) + "; do not rely on its colours");
  }

  /**
   * Why stopping at its word would be wrong.
   *
   * @return empty unless it ranks the answers of every task the wrong way round
   */
  public Optional<String> unfitToHalt() {
    return sections.isEmpty()
            || sections.stream().anyMatch(one -> one.figures().getFirst().high() >= 0.5)
        ? Optional.empty()
        : Optional.of(
            "ranks answers the wrong way round (%s); leave out --halt-on, or fit another"
                .formatted(figure(sections.getFirst())));
  }

  private static String figure(TaskAssessment one) {
    TaskAssessment.Separation first = one.figures().getFirst();
    return String.format(
        Locale.ROOT,
        "%s on %s, %s, AUROC %.3f [%.3f, %.3f]",
        one.verdict(),
        one.task(),
        one.subset(),
        first.auroc(),
        first.low(),
        first.high());
  }

  /**
   * What was chosen on the training samples alone.
   *
   * @param point name of the features, for example {@code block.20}
   * @param strength of the regularization
   * @param auroc the inner folds' mean AUROC that won
   */
  @JsonPropertyOrder({"point", "strength", "auroc"})
  public record Choice(String point, double strength, double auroc) {}

  /**
   * AUROC of the whole procedure on data without signal.
   *
   * @param permuted AUROC with labels permuted within their records, one per repetition
   * @param random AUROC with normal random numbers in place of the features
   */
  @JsonPropertyOrder({"permuted", "random"})
  public record Controls(List<Double> permuted, double random) {
    /** Copies the list. */
    public Controls {
      permuted = List.copyOf(permuted);
    }

    /** The mean of the permuted ones; NaN if there is none. */
    public double permutedMean() {
      return permuted.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    static Controls run(NestedCrossValidation fitting, int[] labels, int[] rows, int repetitions) {
      Random random = new Random(fitting.seed());
      List<Double> permuted = new ArrayList<>();
      for (int i = 0; i < repetitions; i++) {
        permuted.add(auroc(fitting, permuted(labels, fitting.recordOf(), rows, random), rows));
      }
      float[][] first = fitting.features().byName().values().iterator().next();
      DetectionData.Features noise =
          DetectionData.Features.of("random", noise(first.length, first[rows[0]].length, random));
      NestedCrossValidation onNoise =
          new NestedCrossValidation(
              fitting.kind(), noise, fitting.recordOf(), fitting.folds(), fitting.seed());
      return new Controls(permuted, auroc(onNoise, labels, rows));
    }

    private static double auroc(NestedCrossValidation fitting, int[] labels, int[] rows) {
      double[] scores = fitting.heldOut(labels, rows).scores();
      return DetectionData.Slice.of(rows, labels, fitting.recordOf()).auroc(scores);
    }

    /** Labels permuted within records, and among all records of one sample. */
    static int[] permuted(int[] labels, int[] recordOf, int[] rows, Random random) {
      Map<Integer, List<Integer>> groups = new HashMap<>();
      for (int row : rows) {
        groups.computeIfAbsent(recordOf[row], r -> new ArrayList<>()).add(row);
      }
      List<Integer> alone = new ArrayList<>();
      groups.values().stream().filter(group -> group.size() == 1).forEach(alone::addAll);
      groups.values().removeIf(group -> group.size() == 1);
      int[] permuted = labels.clone();
      for (List<Integer> group :
          Stream.concat(groups.values().stream(), Stream.of(alone)).toList()) {
        List<Integer> shuffled = new ArrayList<>(group);
        Collections.shuffle(shuffled, random);
        for (int i = 0; i < group.size(); i++) {
          permuted[group.get(i)] = labels[shuffled.get(i)];
        }
      }
      return permuted;
    }

    private static float[][] noise(int rows, int width, Random random) {
      float[][] noise = new float[rows][width];
      for (float[] row : noise) {
        for (int k = 0; k < width; k++) {
          row[k] = (float) random.nextGaussian();
        }
      }
      return noise;
    }
  }
}
