package dev.hbar.capture;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * States [B, hidden] of the last position by name, in the model's dtype, owned by the step that
 * made them.
 */
public final class Captured {
  private final CaptureRequest request;
  private final Map<CapturePoint, MlxArray> states = new LinkedHashMap<>();

  public Captured(CaptureRequest request) {
    this.request = request;
  }

  /** Takes the last position of x [B, T, hidden] if the point was asked for. */
  public void offer(MlxScope scope, CapturePoint point, MlxArray x) {
    if (request.wants(point)) {
      states.put(point, lastPosition(scope, x));
    }
  }

  /**
   * The last position of x [B, T, hidden] as [B, hidden]; rows are right-aligned, so it is always a
   * token.
   */
  public static MlxArray lastPosition(MlxScope scope, MlxArray x) {
    int[] shape = x.shape();
    MlxArray last =
        shape[1] == 1
            ? x
            : scope
                .ops()
                .slice(x, new int[] {0, shape[1] - 1, 0}, new int[] {shape[0], shape[1], shape[2]});
    return scope.ops().reshape(last, shape[0], shape[2]);
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

  /** The outputs of blocks 0 to layers-1 as [B, layers, hidden]. */
  public MlxArray blocks(MlxScope scope, int layers) {
    MlxArray[] outputs = new MlxArray[layers];
    for (int layer = 0; layer < layers; layer++) {
      outputs[layer] = get(new CapturePoint.BlockOutput(layer));
    }
    return scope.ops().stack(1, outputs);
  }
}
