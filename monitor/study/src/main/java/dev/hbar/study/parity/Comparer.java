package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.family.CausalLm;
import dev.hbar.study.StudyException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Compares a loaded model with a reference. Owner thread. */
public final class Comparer {
  /** The largest integer whose square is within the range of float16, 65504. */
  private static final double SQUARE_FITS_FLOAT16 = 255;

  private final CausalLm model;
  private final ReferenceFile reference;
  private final int[] prompt;
  private final Settings settings;
  private final List<ErrorProfile> profiles = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private boolean normedLast;

  /** A comparison of the states of one prompt. */
  public Comparer(CausalLm model, ReferenceFile reference, int[] prompt, Settings settings) {
    this.model = model;
    this.reference = reference;
    this.prompt = prompt;
    this.settings = settings;
  }

  /**
   * Compares all that the reference has: the prompt's pass, the steps, and the blocks in isolation.
   *
   * @throws StudyException if a shape does not fit, or isolation lacks inputs
   */
  public ReferenceComparison compare() {
    noteRope();
    prompt();
    Optional<TokenAgreement> tokens = steps();
    if (settings.isolate()) {
      PromptComparison isolation = new PromptComparison(model, reference, prompt);
      profiles.add(ErrorProfile.isolated(isolation.runIsolated(normedLast)));
    }
    if (normedLast) {
      notes.add(
          "block.%s.output of the reference is the state after the final norm, as in the last entry of transformers' hidden_states; it is left out"
              .formatted(model.layers() - 1));
    }
    noteOverflow();
    List<Divergence> divergences =
        profiles.stream()
            .flatMap(profile -> Divergence.of(profile, settings.bound()).stream())
            .toList();
    return new ReferenceComparison(
        settings.subject(),
        side(),
        settings.bound(),
        prompt.length,
        profiles,
        tokens,
        divergences,
        List.copyOf(notes));
  }

  private void noteRope() {
    String theirs = reference.notes().rope().orElse(settings.subject().rope());
    if (!theirs.equals(settings.subject().rope())) {
      notes.add(
          "the reference used the rope of %s and our side that of %s"
              .formatted(theirs, settings.subject().rope()));
    }
  }

  private ReferenceComparison.Side side() {
    ReferenceFile.Notes notes = reference.notes();
    return new ReferenceComparison.Side(
        reference.name(),
        notes.engine().orElse("unknown"),
        notes.dtype().map(type -> type.name().toLowerCase(Locale.ROOT)).orElse("unknown"),
        notes.rope().orElse("unknown"));
  }

  private void prompt() {
    List<PointPair> pairs =
        settings.pairs().isEmpty()
            ? reference.points().stream().map(PointPair::same).toList()
            : settings.pairs();
    if (pairs.isEmpty()) {
      return;
    }
    PromptComparison.Result result = new PromptComparison(model, reference, prompt).run(pairs);
    normedLast |= result.normedLast();
    result.absent().forEach(name -> notes.add("the model does not compute " + name));
    profiles.add(ErrorProfile.of("prompt", result.points()));
  }

  private Optional<TokenAgreement> steps() {
    boolean chosenPoints = !settings.pairs().isEmpty();
    if (chosenPoints || reference.tokens().length == 0) {
      return Optional.empty();
    }
    StepComparison.Result result = new StepComparison(model, reference, prompt).run();
    normedLast |= result.normedLast();
    profiles.add(ErrorProfile.of("steps", result.points()));
    result
        .agreement()
        .firstDifference()
        .ifPresent(
            first ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "step %s: our most likely token is %s, the reference's %s (its logits are"
                            + " %.2g apart); all steps went on with the reference's tokens",
                        first.step(),
                        first.ours(),
                        first.theirs(),
                        first.gap())));
    return Optional.of(result.agreement());
  }

  /** Notes block outputs whose squares, which a norm sums, exceed the range of float16. */
  private void noteOverflow() {
    boolean half =
        settings.ownDtype() == DType.FLOAT16
            || model.dtype() == DType.FLOAT16
            || reference.notes().dtype().filter(DType.FLOAT16::equals).isPresent();
    double largest = 0;
    String where = "";
    for (ErrorProfile profile : profiles) {
      for (ErrorProfile.PointError point : profile.points()) {
        boolean output = point.pair().ours() instanceof CapturePoint.BlockOutput;
        if (output && point.error().largest() > largest) {
          largest = point.error().largest();
          where = point.pair().ours().label();
        }
      }
    }
    if (half && largest > SQUARE_FITS_FLOAT16) {
      notes.add(
          String.format(
              Locale.ROOT,
              "float16 overflow: |h| reaches %.0f at %s, and squares of more than 255 pass 65504,"
                  + " its largest number",
              largest,
              where));
    }
  }

  /**
   * What to compare, and how strictly.
   *
   * @param subject description of our side
   * @param bound on every relative error
   * @param isolate whether to run every block also on the reference's input
   * @param pairs points to compare; empty for all that the reference has
   * @param ownDtype type of the activations that the checkpoint was made for
   */
  public record Settings(
      ReferenceComparison.Side subject,
      double bound,
      boolean isolate,
      List<PointPair> pairs,
      DType ownDtype) {
    private static final double FLOAT32_BOUND = 1e-4;
    private static final double HALF_BOUND = 2e-2;

    /** Copies the list. */
    public Settings {
      pairs = List.copyOf(pairs);
    }

    /** The default bound: room for another order of summation, or for 16-bit rounding. */
    public static double bound(DType ours, DType theirs) {
      return ours == DType.FLOAT32 && theirs == DType.FLOAT32 ? FLOAT32_BOUND : HALF_BOUND;
    }
  }

  /**
   * A point of ours and the point of the reference that it is compared with. They must be of one
   * kind: comparing a raw block output with a normed state is a mistake that is hard to find.
   */
  public record PointPair(CapturePoint ours, CapturePoint theirs) {
    /** Checks that the points are of one kind. */
    public PointPair {
      if (!kind(ours).equals(kind(theirs))) {
        throw new StudyException(
            "%s is %s and %s is %s: they cannot be compared; compare points of one kind"
                .formatted(ours.label(), kind(ours), theirs.label(), kind(theirs)));
      }
    }

    /** A point compared with the same point. */
    public static PointPair same(CapturePoint point) {
      return new PointPair(point, point);
    }

    /** The name of our point, followed by that of the reference if it differs. */
    public String label() {
      return ours.equals(theirs) ? ours.label() : ours.label() + "=" + theirs.label();
    }

    private static String kind(CapturePoint point) {
      return switch (point) {
        case CapturePoint.Embedding e -> "the raw residual stream";
        case CapturePoint.BlockOutput o -> "the raw residual stream";
        case CapturePoint.InBlock in when in.part() == BlockPart.INPUT -> "the raw residual stream";
        case CapturePoint.InBlock in -> "a block's " + in.part().label();
        case CapturePoint.FinalNorm n -> "the normed state";
        case CapturePoint.Logits l -> "the head's answer";
      };
    }
  }
}
