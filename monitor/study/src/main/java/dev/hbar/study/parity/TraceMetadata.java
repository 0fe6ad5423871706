package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.model.capture.CaptureRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The notes in a trace file: those of scripts/reference/layout.py, so that it is a reference. */
public final class TraceMetadata {
  private final Map<String, String> notes = new TreeMap<>();

  /**
   * Notes on a trace.
   *
   * @param checkpoint its name
   * @param dtype of the activations
   */
  public TraceMetadata(String checkpoint, DType dtype, int[] prompt) {
    notes.put("format", "hbar-reference-1");
    notes.put("engine", "hbar");
    notes.put("checkpoint", checkpoint);
    notes.put("dtype", dtype.name().toLowerCase(Locale.ROOT));
    notes.put("rope_reference", "transformers");
    notes.put("positions", "none");
    notes.put("points", "");
    notes.put(
        "prompt_ids",
        Arrays.stream(prompt).mapToObj(String::valueOf).collect(Collectors.joining(",")));
  }

  /** One more note, or another value for one. */
  public TraceMetadata with(String key, String value) {
    notes.put(key, value);
    return this;
  }

  /** With the names of the captured states. */
  public TraceMetadata with(CaptureRequest request, List<PointState> states) {
    if (!states.isEmpty()) {
      notes.put("positions", request.span().name().toLowerCase(Locale.ROOT));
      notes.put(
          "points",
          states.stream().map(state -> state.point().label()).collect(Collectors.joining(",")));
    }
    return this;
  }

  /** The notes by key. */
  public Map<String, String> notes() {
    return Map.copyOf(notes);
  }
}
