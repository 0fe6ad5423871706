package dev.hbar.cli;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.study.parity.PromptPass;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which named states to look at. */
final class PointOptions {
  @Option(
      names = "--points",
      split = ",",
      paramLabel = "POINT",
      description = {
        "Named states of the prompt's pass, such as embedding, block.3.q_rope or block.*.output;",
        "block.3.* is everything in block 3."
      })
  private List<String> patterns = List.of();

  @Option(
      names = "--positions",
      defaultValue = "last",
      paramLabel = "last|all",
      description = "Which positions of the prompt (default: ${DEFAULT-VALUE}).")
  private Span span = Span.LAST;

  /** The request for a model with so many blocks; wrong names are wrong usage. */
  CaptureRequest request(CommandLine command, int layers) {
    Set<CapturePoint> points = new LinkedHashSet<>();
    for (String pattern : patterns) {
      try {
        points.addAll(CapturePoints.expand(pattern, layers));
      } catch (IllegalArgumentException unknown) {
        throw new ParameterException(command, "--points " + unknown.getMessage(), unknown);
      }
    }
    return new CaptureRequest(points, span);
  }

  /** A point that was named must be there; one that a trailing star meant may be absent. */
  void requireGiven(List<PromptPass.State> states, int layers, String family) {
    Set<CapturePoint> given =
        states.stream().map(PromptPass.State::point).collect(Collectors.toSet());
    for (String pattern : patterns) {
      for (CapturePoint point : CapturePoints.expand(pattern, layers)) {
        if (!pattern.endsWith(".*") && !given.contains(point)) {
          throw new CommandException(
              "%s is not computed by this model (%s); leave it out of --points"
                  .formatted(point.label(), family));
        }
      }
    }
  }
}
