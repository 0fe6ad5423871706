package dev.hbar.model.capture;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Map;

/**
 * What a pass shows on its way, and what it is given instead: every named state goes through {@link
 * #pass}, which records it if it was asked for and returns what the computation goes on with. A
 * replacement lets a part of the model run on somebody else's state. Lives for one pass.
 */
public final class Taps {
  private final CaptureRequest request;
  private final Map<CapturePoint, MlxArray> replacements;
  private final Captured captured;
  private final boolean insideBlocks;

  /** Taps that only record. */
  public Taps(CaptureRequest request) {
    this(request, Map.of());
  }

  /**
   * Taps that also replace.
   *
   * @param replacements by point, of the shape and dtype of what they replace; a state is recorded
   *     before it is replaced
   */
  public Taps(CaptureRequest request, Map<CapturePoint, MlxArray> replacements) {
    this.request = request;
    this.replacements = Map.copyOf(replacements);
    this.captured = new Captured(request);
    this.insideBlocks =
        request.points().stream().anyMatch(CapturePoint.InBlock.class::isInstance)
            || replacements.keySet().stream().anyMatch(CapturePoint.InBlock.class::isInstance);
  }

  /** Records x if it was asked for; gives back x or its replacement. */
  public MlxArray pass(MlxScope scope, CapturePoint point, MlxArray x) {
    captured.offer(scope, point, x);
    return replacements.getOrDefault(point, x);
  }

  /** The taps inside one block; nothing at all unless a point inside a block was asked for. */
  public BlockTap block(int index) {
    return insideBlocks ? new BlockTap.Open(this, index) : BlockTap.NONE;
  }

  boolean wants(CapturePoint point) {
    return request.wants(point);
  }

  /** Whether this point is wanted at every position. */
  public boolean wantsAll(CapturePoint point) {
    return request.span() == Span.ALL && wants(point);
  }

  /** Whether x, the array at this point, is somebody's beyond the pass: recorded, or given. */
  public boolean holds(CapturePoint point, MlxArray x) {
    return captured.holds(point, x) || replacements.containsKey(point);
  }

  /** What was captured so far; the arrays are the pass's. */
  public Captured captured() {
    return captured;
  }
}
