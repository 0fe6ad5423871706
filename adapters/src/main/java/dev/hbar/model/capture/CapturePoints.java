package dev.hbar.model.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the names of capture points, single ones and patterns with {@code *}. */
public final class CapturePoints {
  private static final Pattern IN_BLOCK = Pattern.compile("block\\.(\\d{1,6}|\\*)\\.([a-z_]+|\\*)");
  private static final String OUTPUT = "output";

  /** The order of the computation. */
  public static final Comparator<CapturePoint> ORDER =
      Comparator.comparingInt(CapturePoints::stage).thenComparingInt(CapturePoints::place);

  private CapturePoints() {}

  private static int stage(CapturePoint point) {
    return switch (point) {
      case CapturePoint.Embedding e -> -1;
      case CapturePoint.InBlock in -> in.index();
      case CapturePoint.BlockOutput output -> output.index();
      case CapturePoint.FinalNorm n -> Integer.MAX_VALUE - 1;
      case CapturePoint.Logits l -> Integer.MAX_VALUE;
    };
  }

  private static int place(CapturePoint point) {
    return point instanceof CapturePoint.InBlock in
        ? in.part().ordinal()
        : BlockPart.values().length;
  }

  /** The point of this name, if there is one; no patterns. */
  public static Optional<CapturePoint> parse(String name) {
    return switch (name) {
      case "embedding" -> Optional.of(new CapturePoint.Embedding());
      case "final_norm" -> Optional.of(new CapturePoint.FinalNorm());
      case "logits" -> Optional.of(new CapturePoint.Logits());
      default -> {
        Matcher matcher = IN_BLOCK.matcher(name);
        boolean single = matcher.matches() && !name.contains("*");
        yield single
            ? inBlock(Integer.parseInt(matcher.group(1)), matcher.group(2))
            : Optional.empty();
      }
    };
  }

  /**
   * The points that a pattern names, in the order of the computation: {@code block.*.output} are
   * all block outputs, {@code block.3.*} is everything in block 3.
   *
   * @param layers number of blocks
   * @throws IllegalArgumentException for an unknown name or a block that the model does not have
   */
  public static List<CapturePoint> expand(String pattern, int layers) {
    Matcher matcher = IN_BLOCK.matcher(pattern);
    if (!matcher.matches()) {
      return List.of(parse(pattern).orElseThrow(() -> unknown(pattern)));
    }
    boolean everyBlock = matcher.group(1).equals("*");
    int first = everyBlock ? 0 : Integer.parseInt(matcher.group(1));
    int last = everyBlock ? layers - 1 : first;
    if (last >= layers) {
      throw new IllegalArgumentException(
          "%s: the model has %s blocks, 0 to %s".formatted(pattern, layers, layers - 1));
    }
    List<CapturePoint> points = new ArrayList<>();
    for (int block = first; block <= last; block++) {
      for (String part : parts(matcher.group(2))) {
        points.add(inBlock(block, part).orElseThrow(() -> unknown(pattern)));
      }
    }
    return points;
  }

  private static List<String> parts(String part) {
    if (!part.equals("*")) {
      return List.of(part);
    }
    List<String> all =
        new ArrayList<>(Arrays.stream(BlockPart.values()).map(BlockPart::label).toList());
    all.add(OUTPUT);
    return all;
  }

  private static Optional<CapturePoint> inBlock(int block, String part) {
    if (part.equals(OUTPUT)) {
      return Optional.of(new CapturePoint.BlockOutput(block));
    }
    return Arrays.stream(BlockPart.values())
        .filter(p -> p.label().equals(part))
        .findFirst()
        .map(p -> new CapturePoint.InBlock(block, p));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "no capture point "
            + name
            + "; there are embedding, final_norm, logits and block.{i}."
            + String.join("|", parts("*")));
  }
}
