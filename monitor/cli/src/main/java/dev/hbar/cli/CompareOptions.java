package dev.hbar.cli;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.study.parity.PointPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How two implementations are compared. */
final class CompareOptions {
  @Option(
      names = "--prompt-ids",
      split = ",",
      paramLabel = "ID",
      description = "The prompt, for a reference that does not say it.")
  private List<Integer> ids = List.of();

  @Option(
      names = "--points",
      split = ",",
      paramLabel = "POINT[=POINT]",
      description = {
        "Only these named states, such as block.*.output; OURS=THEIRS holds one of ours",
        "against another one of the reference, if they are of one kind."
      })
  private List<String> points = List.of();

  @Option(
      names = "--bound",
      paramLabel = "X",
      description =
          "Relative error that is still right (default: 1e-4 in float32, 2e-2 in 16-bit types).")
  private Optional<Double> bound = Optional.empty();

  @Option(
      names = "--isolate",
      description = "Also run every block, attention and MLP on the reference's own input.")
  private boolean isolate;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|svg|pdf",
      description = "Also draw the error by depth.")
  private Optional<Path> plot = Optional.empty();

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  boolean isolate() {
    return isolate;
  }

  Optional<Path> plot() {
    return plot;
  }

  boolean json() {
    return json;
  }

  /** The ids that were given; empty if none. */
  int[] ids() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The bound that was given. */
  OptionalDouble bound(CommandLine command) {
    if (bound.isPresent() && !(bound.get() > 0)) {
      throw new ParameterException(command, "--bound must be above 0");
    }
    return bound.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** The points that were named; empty for all of the reference. Two kinds are refused by name. */
  List<PointPair> pairs(CommandLine command, int layers) {
    List<PointPair> pairs = new ArrayList<>();
    for (String pattern : points) {
      String[] sides = pattern.split("=", -1);
      try {
        List<CapturePoint> ours = CapturePoints.expand(sides[0], layers);
        List<CapturePoint> theirs =
            sides.length == 2 ? CapturePoints.expand(sides[1], layers) : ours;
        if (sides.length > 2 || ours.size() != theirs.size()) {
          throw new IllegalArgumentException(pattern + ": one point against one point");
        }
        for (int i = 0; i < ours.size(); i++) {
          pairs.add(new PointPair(ours.get(i), theirs.get(i)));
        }
      } catch (IllegalArgumentException unknown) {
        throw new ParameterException(command, "--points " + unknown.getMessage(), unknown);
      }
    }
    return pairs;
  }
}
