package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.family.CausalLm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Compares a loaded model with a reference. Owner thread. */
public final class Comparer {
  /** Its square is the largest number below 65504 that float16 has. */
  private static final double SQUARE_FITS_FLOAT16 = 255;

  private final CausalLm model;
  private final ReferenceFile reference;
  private final int[] prompt;
  private final CompareSettings settings;
  private final List<Section> sections = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private boolean normedLast;

  /** A comparison of one prompt's states. */
  public Comparer(CausalLm model, ReferenceFile reference, int[] prompt, CompareSettings settings) {
    this.model = model;
    this.reference = reference;
    this.prompt = prompt;
    this.settings = settings;
  }

  /**
   * Runs what the reference has: the prompt's pass, the steps, and the blocks in isolation.
   *
   * @throws CompareException if a shape does not fit, or isolation lacks inputs
   */
  public Comparison compare() {
    sameRope();
    prompt();
    Optional<TokenAgreement> tokens = steps();
    if (settings.isolate()) {
      Isolation isolation = new Isolation(model, reference, prompt, normedLast);
      sections.add(Section.isolated(isolation.run()));
    }
    if (normedLast) {
      notes.add(NormedLastBlock.note(model.layers()));
    }
    overflow();
    List<Verdict> verdicts = new ArrayList<>();
    for (Section section : sections) {
      boolean isolated = section.name().equals("isolated");
      verdicts.addAll(Verdict.of(section, settings.bound(), isolated));
    }
    return new Comparison(
        settings.subject(),
        side(),
        settings.bound(),
        prompt.length,
        sections,
        tokens,
        verdicts,
        List.copyOf(notes));
  }

  private void sameRope() {
    String theirs = reference.notes().rope().orElse(settings.subject().rope());
    if (!theirs.equals(settings.subject().rope())) {
      notes.add(
          "the reference turned as %s does and our side as %s does"
              .formatted(theirs, settings.subject().rope()));
    }
  }

  private Comparison.Side side() {
    ReferenceNotes says = reference.notes();
    return new Comparison.Side(
        reference.name(),
        says.engine().orElse("unknown"),
        says.dtype().map(type -> type.name().toLowerCase(Locale.ROOT)).orElse("unknown"),
        says.rope().orElse("unknown"));
  }

  private void prompt() {
    List<PointPair> pairs =
        settings.pairs().isEmpty()
            ? reference.points().stream().map(PointPair::same).toList()
            : settings.pairs();
    if (pairs.isEmpty()) {
      return;
    }
    PromptComparison.Result result = new PromptComparison(model, reference, prompt, pairs).run();
    normedLast |= result.normedLast();
    result.absent().forEach(name -> notes.add("the model does not compute " + name));
    sections.add(Section.of("prompt", result.points()));
  }

  private Optional<TokenAgreement> steps() {
    boolean chosenPoints = !settings.pairs().isEmpty();
    if (chosenPoints || reference.tokens().length == 0) {
      return Optional.empty();
    }
    StepComparison.Result result = new StepComparison(model, reference, prompt).run();
    normedLast |= result.normedLast();
    sections.add(Section.of("steps", result.points()));
    result
        .agreement()
        .firstDifference()
        .ifPresent(
            first ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "step %s: our most likely token is %s, the reference's %s (its logits are %.2g apart); all steps went on with the reference's tokens",
                        first.step(),
                        first.ours(),
                        first.theirs(),
                        first.gap())));
    return Optional.of(result.agreement());
  }

  /** Block outputs whose squares, as a norm takes them, pass the largest float16. */
  private void overflow() {
    boolean half =
        settings.ownDtype() == DType.FLOAT16
            || model.dtype() == DType.FLOAT16
            || reference.notes().dtype().filter(DType.FLOAT16::equals).isPresent();
    double largest = 0;
    String where = "";
    for (Section section : sections) {
      for (PointError point : section.points()) {
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
              "float16 overflow: |h| reaches %.0f at %s, and squares of more than 255 pass 65504, its largest number",
              largest,
              where));
    }
  }
}
