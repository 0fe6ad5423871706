package dev.hbar.study.states;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The points whose states are kept: {@code embedding}, {@code block.N} and {@code final_norm}. */
public final class StatePoints {
  /** Before the first block: what a bag of words knows. */
  public static final String EMBEDDING = "embedding";

  private static final String OUTPUT = ".output";

  private StatePoints() {}

  /**
   * The points of these names, in the order of the computation, the embedding always among them.
   *
   * @param names also {@code block.*}
   * @throws IllegalArgumentException for a name without meaning or a block that is not there
   */
  public static List<CapturePoint> expand(List<String> names, int layers) {
    TreeSet<CapturePoint> points = new TreeSet<>(CapturePoints.ORDER);
    points.add(new CapturePoint.Embedding());
    for (String name : names) {
      String full = name.matches("block\\.(\\d+|\\*)") ? name + OUTPUT : name;
      for (CapturePoint point : CapturePoints.expand(full, layers)) {
        requireState(name, point);
        points.add(point);
      }
    }
    return new ArrayList<>(points);
  }

  private static void requireState(String name, CapturePoint point) {
    if (point instanceof CapturePoint.InBlock || point instanceof CapturePoint.Logits) {
      throw new IllegalArgumentException(
          name + " is no hidden state; there are embedding, block.N (or block.*) and final_norm");
    }
  }

  /** The name of a point in files, for example {@code block.15}. */
  public static String name(CapturePoint point) {
    String label = point.label();
    return label.endsWith(OUTPUT) ? label.substring(0, label.length() - OUTPUT.length()) : label;
  }
}
