package dev.hbar.model.capture;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * States by name, in the model's dtype, owned by the step that made them. Of the last position, as
 * in [B, hidden], or of all, as in [B, T, hidden].
 */
public final class Captured {
  private final CaptureRequest request;
  private final Map<CapturePoint, MlxArray> states = new LinkedHashMap<>();

  /** Nothing yet of what the request asks for. */
  public Captured(CaptureRequest request) {
    this.request = request;
  }

  /** Takes the wanted positions of x if the point was asked for. */
  public void offer(MlxScope scope, CapturePoint point, MlxArray x) {
    if (request.wants(point)) {
      boolean all = request.span() == Span.ALL;
      states.put(point, all ? x : lastPosition(scope, x, point.positionAxis()));
    }
  }

  /**
   * The last position of x [B, T, hidden] as [B, hidden]; rows are right-aligned, so it is always a
   * token.
   */
  public static MlxArray lastPosition(MlxScope scope, MlxArray x) {
    return lastPosition(scope, x, 1);
  }

  private static MlxArray lastPosition(MlxScope scope, MlxArray x, int axis) {
    return scope.ops().squeeze(lastColumn(scope, x, axis), axis);
  }

  /** The last position of x along {@code axis}, which is kept with size 1. */
  public static MlxArray lastColumn(MlxScope scope, MlxArray x, int axis) {
    int[] stop = x.shape();
    if (stop[axis] == 1) {
      return x;
    }
    int[] start = new int[stop.length];
    start[axis] = stop[axis] - 1;
    return scope.ops().slice(x, start, stop);
  }

  /** Of the last position or of all. */
  public Span span() {
    return request.span();
  }

  /** What was captured, by point, in the order of the computation. */
  public Map<CapturePoint, MlxArray> states() {
    return Collections.unmodifiableMap(states);
  }

  /**
   * The captured state.
   *
   * @throws IllegalArgumentException if the point was not asked for: another kind is never given
   *     instead
   */
  public MlxArray get(CapturePoint point) {
    MlxArray state = states.get(point);
    if (state == null) {
      throw new IllegalArgumentException(point + " was not captured; captured: " + states.keySet());
    }
    return state;
  }

  /** The outputs of blocks 0 to layers-1 at the last position as [B, layers, hidden]. */
  public MlxArray blocks(MlxScope scope, int layers) {
    MlxArray[] outputs = new MlxArray[layers];
    for (int layer = 0; layer < layers; layer++) {
      MlxArray output = get(new CapturePoint.BlockOutput(layer));
      outputs[layer] = request.span() == Span.ALL ? lastPosition(scope, output) : output;
    }
    return scope.ops().stack(1, outputs);
  }
}
