package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the whole procedure finds where there is nothing to find.
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

  static Controls run(Fitting fitting, int[] labels, int[] rows, int repetitions) {
    Random random = new Random(fitting.seed());
    List<Double> permuted = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      permuted.add(auroc(fitting, permuted(labels, fitting.recordOf(), rows, random), rows));
    }
    float[][] first = fitting.features().byName().values().iterator().next();
    Features noise = Features.of("random", noise(first.length, first[rows[0]].length, random));
    Fitting onNoise =
        new Fitting(fitting.kind(), noise, fitting.recordOf(), fitting.folds(), fitting.seed());
    return new Controls(permuted, auroc(onNoise, labels, rows));
  }

  private static double auroc(Fitting fitting, int[] labels, int[] rows) {
    double[] scores = fitting.heldOut(labels, rows).scores();
    return Figure.Sides.of(rows, labels, fitting.recordOf()).auroc(scores);
  }

  /** Labels permuted within records; over all samples if no record has two. */
  static int[] permuted(int[] labels, int[] recordOf, int[] rows, Random random) {
    Map<Integer, List<Integer>> groups = new HashMap<>();
    for (int row : rows) {
      groups.computeIfAbsent(recordOf[row], r -> new ArrayList<>()).add(row);
    }
    if (groups.values().stream().allMatch(group -> group.size() == 1)) {
      groups = Map.of(0, Arrays.stream(rows).boxed().toList());
    }
    int[] permuted = labels.clone();
    for (List<Integer> group : groups.values()) {
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
