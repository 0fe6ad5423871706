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
  private MlxScope pass;

  /** Nothing yet of what the request asks for. */
  public Captured(CaptureRequest request) {
    this.request = request;
  }

  /** Takes the wanted positions of x if the point was asked for. */
  public void offer(MlxScope scope, CapturePoint point, MlxArray x) {
    if (request.wants(point)) {
      pass = scope;
      states.put(point, takesAll() ? x : lastColumn(scope, x, point.positionAxis()));
    }
  }

  /** Whether x itself is what was taken at this point, and not a part of it. */
  boolean holds(CapturePoint point, MlxArray x) {
    return states.get(point) == x;
  }

  private boolean takesAll() {
    return request.span() == Span.ALL;
  }

  /**
   * The last position of x [B, T, hidden] as [B, hidden]; rows are right-aligned, so it is always a
   * token.
   */
  public static MlxArray lastPosition(MlxScope scope, MlxArray x) {
    return scope.ops().squeeze(lastColumn(scope, x, 1), 1);
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
    Map<CapturePoint, MlxArray> all = new LinkedHashMap<>(states);
    all.replaceAll(this::shown);
    return Collections.unmodifiableMap(all);
  }

  /** The positions' axis goes where there is one position: not before, as that is an operation. */
  private MlxArray shown(CapturePoint point, MlxArray state) {
    return takesAll() ? state : pass.ops().squeeze(state, point.positionAxis());
  }

  /**
   * The captured state.
   *
   * @throws IllegalArgumentException if the point was not asked for: another kind is never given
   *     instead
   */
  public MlxArray get(CapturePoint point) {
    return shown(point, taken(point));
  }

  private MlxArray taken(CapturePoint point) {
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
      outputs[layer] = lastColumn(scope, taken(new CapturePoint.BlockOutput(layer)), 1);
    }
    return scope.ops().concatenate(1, outputs);
  }
}
