package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.RopeReference;
import dev.hbar.study.StudyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The states that another implementation computed: the tensors of a trace, and named states of the
 * prompt's pass as {@code point.NAME}. The layout is that of scripts/reference/layout.py. Tensors
 * are read when they are asked for, on the owner thread.
 */
public final class ReferenceFile {
  private static final String POINT = "point.";

  /** Names by which other tools store states without saying whether they are normed. */
  private static final List<String> AMBIGUOUS =
      List.of("hidden_states", "last_hidden_state", "hidden", "hidden_state");

  private final SafetensorsHeader header;
  private final Notes notes;

  private ReferenceFile(SafetensorsHeader header, Notes notes) {
    this.header = header;
    this.notes = notes;
  }

  /**
   * Reads the header and checks the content of the file. Any thread.
   *
   * @throws StudyException if it is not a reference
   * @throws dev.hbar.mlx.MlxFileException if it is not a safetensors file
   */
  public static ReferenceFile read(Path file) {
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    try {
      ReferenceFile reference = new ReferenceFile(header, Notes.of(header.metadata()));
      reference.requireContent();
      return reference;
    } catch (IllegalArgumentException damaged) {
      throw new StudyException(
          "%s: its note %s cannot be read; make it again with scripts/reference.py"
              .formatted(file, damaged.getMessage()));
    }
  }

  private void requireContent() {
    for (String name : AMBIGUOUS) {
      if (header.tensors().containsKey(name)) {
        throw problem(
            "tensor " + name + " may hold raw block outputs or the normed state",
            "name it blocks (raw, without the embedding) or final_norm");
      }
    }
    boolean steps = has("tokens") && (has("logits") || has("blocks") || has("final_norm"));
    if (!steps && points().isEmpty()) {
      throw problem(
          "it holds neither tokens with logits, blocks or final_norm nor a point.NAME",
          "make one with scripts/reference.py");
    }
  }

  /** The type that its engine computed in; float32 if it does not say. */
  public DType dtype() {
    return notes.dtype().orElse(DType.FLOAT32);
  }

  /** Whose rope its engine computed with, if it says so. */
  public Optional<RopeReference> rope() {
    return Arrays.stream(RopeReference.values())
        .filter(rope -> notes.rope().filter(rope.toString()::equals).isPresent())
        .findFirst();
  }

  /** Whether its points can only be computed with the whole prompt in one pass. */
  public boolean needsOnePass() {
    return new CaptureRequest(Set.copyOf(points()), span()).needsOnePass();
  }

  /** Whether its points hold all positions of the prompt. */
  public boolean hasAllPositions() {
    return span() == Span.ALL && !points().isEmpty();
  }

  /** How many tokens its engine generated. */
  public int steps() {
    return has("tokens") ? header.tensors().get("tokens").shape().getFirst() : 0;
  }

  Notes notes() {
    return notes;
  }

  /** The file's name without folders. */
  String name() {
    return header.file().getFileName().toString();
  }

  boolean has(String tensor) {
    return header.tensors().containsKey(tensor);
  }

  /** Ids of the prompt it was made with, if it says so. Owner thread. */
  public Optional<int[]> prompt() {
    return notes.prompt().or(() -> has("prompt") ? Optional.of(ints("prompt")) : Optional.empty());
  }

  /** The ids that its engine generated; empty if it has no steps. */
  int[] tokens() {
    return has("tokens") ? ints("tokens") : new int[0];
  }

  /** The points in it, in the order of the computation. */
  List<CapturePoint> points() {
    List<CapturePoint> points = new ArrayList<>();
    for (String tensor : header.tensors().keySet()) {
      if (tensor.startsWith(POINT)) {
        String name = tensor.substring(POINT.length());
        points.add(
            CapturePoints.parse(name)
                .orElseThrow(
                    () -> problem("no point is named " + name, "see the names in layout.py")));
      }
    }
    points.sort(CapturePoints.ORDER);
    return points;
  }

  /** Whether it has this state of the prompt's pass. */
  boolean has(CapturePoint point) {
    return has(POINT + point.label());
  }

  /** Which positions of the prompt its points hold. */
  Span span() {
    return notes.span().orElse(Span.LAST);
  }

  int[] shape(CapturePoint point) {
    return shape(POINT + point.label());
  }

  float[] floats(CapturePoint point) {
    return floats(POINT + point.label());
  }

  /** Dimensions of a tensor that the file has. */
  int[] shape(String tensor) {
    return header.tensors().get(tensor).shape().stream().mapToInt(Integer::intValue).toArray();
  }

  /** All values of a tensor that the file has, as float32. Owner thread. */
  float[] floats(String tensor) {
    try (MlxScope scope = MlxScope.open("reference")) {
      return load(scope, tensor).toFloats();
    }
  }

  /**
   * The error of a state of ours against one of the reference's points.
   *
   * @throws StudyException if their shapes differ
   */
  ErrorStatistics error(PromptPass.State ours, CapturePoint theirs) {
    int[] shape = shape(theirs);
    if (!Arrays.equals(shape, ours.shape())) {
      throw problem(
          "%s has shape %s, the model gives %s"
              .formatted(theirs.label(), Arrays.toString(shape), Arrays.toString(ours.shape())),
          "make it with this checkpoint and this prompt");
    }
    return ErrorStatistics.of(floats(theirs), ours.values(), shape, ours.point().positionAxis());
  }

  /** A point as an array in {@code scope}. Owner thread. */
  MlxArray load(MlxScope scope, CapturePoint point) {
    return load(scope, POINT + point.label());
  }

  private int[] ints(String tensor) {
    try (MlxScope scope = MlxScope.open("reference")) {
      return load(scope, tensor).toInts();
    }
  }

  private MlxArray load(MlxScope scope, String tensor) {
    return SafetensorsLoader.load(scope, header, List.of(tensor)).get(tensor);
  }

  /** Checks the shape of a tensor of the steps. */
  void requireShape(String tensor, int... expected) {
    TensorInfo info = header.tensors().get(tensor);
    if (!Arrays.equals(shape(tensor), expected)) {
      throw problem(
          "%s has shape %s, the model gives %s"
              .formatted(tensor, info.shape(), Arrays.toString(expected)),
          "make it with this checkpoint; blocks are outputs only, without the embedding");
    }
  }

  StudyException problem(String what, String wayOut) {
    return new StudyException("%s: %s; %s".formatted(header.file(), what, wayOut));
  }

  /**
   * The metadata of a reference file; what the file does not say is empty.
   *
   * @param engine that computed it, for example transformers
   * @param dtype that the engine computed in
   * @param rope implementation whose rope definition it used
   * @param span of the named points
   */
  record Notes(
      Optional<String> engine,
      Optional<DType> dtype,
      Optional<String> rope,
      Optional<Span> span,
      Optional<int[]> prompt) {

    /**
     * Reads the metadata of a safetensors file.
     *
     * @throws IllegalArgumentException naming the entry that cannot be read
     */
    static Notes of(Map<String, String> metadata) {
      return new Notes(
          note(metadata, "engine"),
          note(metadata, "dtype").map(Notes::dtype),
          note(metadata, "rope_reference"),
          note(metadata, "positions").flatMap(Notes::span),
          note(metadata, "prompt_ids").map(Notes::ids));
    }

    private static Optional<String> note(Map<String, String> metadata, String key) {
      return Optional.ofNullable(metadata.get(key)).filter(value -> !value.isBlank());
    }

    private static DType dtype(String name) {
      return Arrays.stream(DType.values())
          .filter(type -> type.isFloating() && type.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("dtype is " + name));
    }

    private static Optional<Span> span(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "all" -> Optional.of(Span.ALL);
        case "last" -> Optional.of(Span.LAST);
        case "none" -> Optional.empty();
        default -> throw new IllegalArgumentException("positions is " + name);
      };
    }

    private static int[] ids(String list) {
      try {
        return Arrays.stream(list.split(","))
            .map(String::strip)
            .mapToInt(Integer::parseInt)
            .toArray();
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("prompt_ids is " + list, e);
      }
    }
  }
}
