package dev.hbar.model.capture;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** What to capture in a pass. A point that is not asked for costs nothing. */
public record CaptureRequest(Set<CapturePoint> points, Span span) {
  /** No point at all. */
  public static final CaptureRequest NOTHING = new CaptureRequest(Set.of());

  /** Copies the points. */
  public CaptureRequest {
    points = Set.copyOf(points);
  }

  /** At the last position of every row. */
  public CaptureRequest(Set<CapturePoint> points) {
    this(points, Span.LAST);
  }

  /** Every block's raw output at the last position. */
  public static CaptureRequest blocks(int layers) {
    Set<CapturePoint> points = new LinkedHashSet<>();
    for (int layer = 0; layer < layers; layer++) {
      points.add(new CapturePoint.BlockOutput(layer));
    }
    return new CaptureRequest(points);
  }

  /** This request and one more point. */
  public CaptureRequest and(CapturePoint point) {
    return and(Set.of(point));
  }

  /** This request and more points. */
  public CaptureRequest and(Collection<CapturePoint> others) {
    Set<CapturePoint> more = new LinkedHashSet<>(points);
    more.addAll(others);
    return new CaptureRequest(more, span);
  }

  /**
   * Whether a prompt must go through in one pass: for all its positions, and for attention weights
   * over all keys, of which a window's cache holds only the last after an earlier chunk.
   */
  public boolean needsOnePass() {
    return span == Span.ALL || points.stream().anyMatch(CaptureRequest::isAttentionWeights);
  }

  private static boolean isAttentionWeights(CapturePoint point) {
    return point instanceof CapturePoint.InBlock in && in.part() == BlockPart.ATTENTION_WEIGHTS;
  }

  /** Whether the point was asked for, at whatever positions. */
  public boolean wants(CapturePoint point) {
    return points.contains(point);
  }
}
