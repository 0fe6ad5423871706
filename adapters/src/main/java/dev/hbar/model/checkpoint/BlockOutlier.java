package dev.hbar.model.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * A tensor whose values are unlike those of its fellows, the tensors of the same name in the other
 * blocks.
 *
 * @param statistic "sd" or "max |w|"
 * @param ratio its value over the median of all fellows
 */
public record BlockOutlier(String statistic, double ratio) {
  private static final Pattern BLOCK = Pattern.compile("\\.\\d+\\.");
  private static final int FEWEST_FELLOWS = 4;

  /** A smaller ratio is no outlier, however alike the fellows are. */
  private static final double LEAST_RATIO = 2;

  /** Median absolute deviations, scaled to standard deviations of a normal distribution. */
  private static final double DEVIATIONS = 6 * 1.4826;

  /** The outliers among the tensors, by name; ratios are judged by their logarithm. */
  public static Map<String, BlockOutlier> among(Map<String, TensorStatistics> tensors) {
    Map<String, List<String>> fellows = new LinkedHashMap<>();
    for (String name : tensors.keySet()) {
      String kind = BLOCK.matcher(name).replaceFirst(".*.");
      fellows.computeIfAbsent(kind, any -> new ArrayList<>()).add(name);
    }
    Map<String, BlockOutlier> outliers = new LinkedHashMap<>();
    for (List<String> names : fellows.values()) {
      add(outliers, tensors, names, "sd", TensorStatistics::deviation);
      add(outliers, tensors, names, "max |w|", s -> Math.max(-s.min(), s.max()));
    }
    return outliers;
  }

  private static void add(
      Map<String, BlockOutlier> outliers,
      Map<String, TensorStatistics> tensors,
      List<String> names,
      String statistic,
      ToDoubleFunction<TensorStatistics> value) {
    double[] logs =
        names.stream()
            .mapToDouble(name -> Math.log(value.applyAsDouble(tensors.get(name))))
            .toArray();
    if (logs.length < FEWEST_FELLOWS || !Arrays.stream(logs).allMatch(Double::isFinite)) {
      return;
    }
    double median = median(logs);
    double spread = median(Arrays.stream(logs).map(log -> Math.abs(log - median)).toArray());
    double limit = Math.max(Math.log(LEAST_RATIO), DEVIATIONS * spread);
    for (int i = 0; i < logs.length; i++) {
      if (Math.abs(logs[i] - median) > limit) {
        outliers.putIfAbsent(names.get(i), new BlockOutlier(statistic, Math.exp(logs[i] - median)));
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
