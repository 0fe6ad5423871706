package dev.hbar.study.states;

import dev.hbar.model.capture.CapturePoint;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which states of given answers are kept.
 *
 * @param pointNames see {@link StatePoints}
 * @param positions where they are taken
 * @param half whether they are written as float16 instead of float32
 * @param alpha weight of the drift in PRI
 */
public record StatesRequest(
    List<String> pointNames, Set<Position> positions, boolean half, double alpha) {
  /** Copies the collections; sorts the positions. */
  public StatesRequest {
    pointNames = List.copyOf(pointNames);
    positions = Collections.unmodifiableSet(new TreeSet<>(positions));
  }

  /** The points, in the order of the computation. */
  public List<CapturePoint> points(int layers) {
    return StatePoints.expand(pointNames, layers);
  }
}
