package dev.hbar.capture;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What to capture at the last position of every row. A point that is not asked for costs nothing.
 */
public record CaptureRequest(Set<CapturePoint> points) {
  public static final CaptureRequest NOTHING = new CaptureRequest(Set.of());

  public CaptureRequest {
    points = Set.copyOf(points);
  }

  /** Every block's raw output. */
  public static CaptureRequest blocks(int layers) {
    Set<CapturePoint> points = new LinkedHashSet<>();
    for (int layer = 0; layer < layers; layer++) {
      points.add(new CapturePoint.BlockOutput(layer));
    }
    return new CaptureRequest(points);
  }

  /** This request and one more point. */
  public CaptureRequest and(CapturePoint point) {
    Set<CapturePoint> more = new LinkedHashSet<>(points);
    more.add(point);
    return new CaptureRequest(more);
  }

  public boolean wants(CapturePoint point) {
    return points.contains(point);
  }
}
