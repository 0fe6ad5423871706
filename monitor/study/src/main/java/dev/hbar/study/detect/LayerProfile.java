package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.states.StatePosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * What each block knows: held-out figures of one detector per block, its strength chosen inside the
 * folds. The best of them is too good, because it was chosen by these figures: {@code detect fit}
 * chooses inside the folds.
 *
 * @param kind how detectors are fitted
 * @param position where states are taken
 * @param samples their number
 * @param blocks in their order
 * @param surface length, ending and overlap, held out
 * @param bag the mean of the answer's embeddings, held out
 */
@JsonPropertyOrder({"kind", "position", "samples", "blocks", "surface", "bag"})
public record LayerProfile(
    String kind,
    String position,
    int samples,
    List<Block> blocks,
    TaskAssessment.Separation surface,
    TaskAssessment.Separation bag) {
  private static final int FOLDS = 5;
  private static final long SEED = 42;
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 640;

  /** Copies the list. */
  public LayerProfile {
    blocks = List.copyOf(blocks);
  }

  /**
   * One block.
   *
   * @param figure on held-out records
   * @param permuted the AUROC of the same with labels permuted within their records
   */
  @JsonPropertyOrder({"figure", "permuted"})
  public record Block(TaskAssessment.Separation figure, double permuted) {}

  /**
   * Measures every block that was kept.
   *
   * @param kind one that looks at states
   * @param matched whether only pairs that look alike from outside take part
   * @param progress gets a line per block
   * @throws DetectorException if there are several tasks or too few records
   */
  public static LayerProfile run(
      DetectionData data,
      DetectorKind kind,
      StatePosition position,
      boolean matched,
      Consumer<String> progress) {
    if (data.tasks().size() > 1 || !kind.onStates()) {
      throw new DetectorException(
          data.folder().folder(),
          "a profile needs states of one task, and a kind that looks at states: probe, direction or mahalanobis");
    }
    DetectionData.Slice slice = data.requireEnough(data.tasks().iterator().next(), matched);
    int[] rows = slice.rows();
    int[] permuted =
        DetectorReport.Controls.permuted(data.labels(), data.recordOf(), rows, new Random(SEED));
    DetectionData.Slice turned = DetectionData.Slice.of(rows, permuted, data.recordOf());
    List<Block> blocks = new ArrayList<>();
    for (String name : data.folder().blocks()) {
      progress.accept(name);
      NestedCrossValidation fitting = fitting(data, kind, data.states(List.of(name), position));
      blocks.add(
          new Block(
              TaskAssessment.Separation.of(
                  name, fitting.heldOut(data.labels(), rows).scores(), slice),
              turned.auroc(fitting.heldOut(permuted, rows).scores())));
    }
    return new LayerProfile(
        kind.id(),
        position.id(),
        rows.length,
        blocks,
        baseline("surface", fitting(data, DetectorKind.SIGNALS, data.surface()), data, slice),
        baseline("bag of embeddings", fitting(data, DetectorKind.PROBE, data.bag()), data, slice));
  }

  private static NestedCrossValidation fitting(
      DetectionData data, DetectorKind kind, DetectionData.Features features) {
    return new NestedCrossValidation(kind, features, data.recordOf(), FOLDS, SEED);
  }

  private static TaskAssessment.Separation baseline(
      String name, NestedCrossValidation fitting, DetectionData data, DetectionData.Slice slice) {
    double[] scores = fitting.heldOut(data.labels(), slice.rows()).scores();
    return TaskAssessment.Separation.of(name, scores, slice);
  }

  /** Draws it: AUROC by block with its band, baselines and permuted labels below. */
  public void write(Path file) {
    double[] depth = depth();
    CurveChart chart =
        new CurveChart(
                "%s on one block, %s, %s answers".formatted(kind, position, samples),
                "block",
                "AUROC on held-out records",
                WIDTH,
                HEIGHT)
            .band(depth, values(b -> b.figure().low()), values(b -> b.figure().high()), 0)
            .markedLine(kind, depth, values(b -> b.figure().auroc()), 0)
            .line("bag of embeddings", depth, values(b -> bag.auroc()), 1)
            .line("length, ending, overlap", depth, values(b -> surface.auroc()), 2)
            .line("permuted labels", depth, values(Block::permuted), 3)
            .guide(new double[] {depth[0], depth[depth.length - 1]}, new double[] {0.5, 0.5});
    chart.write(file, WIDTH, HEIGHT);
  }

  /** The blocks' numbers. */
  public double[] depth() {
    return values(b -> Double.parseDouble(b.figure().name().replaceFirst(".*\\.", "")));
  }

  private double[] values(ToDoubleFunction<Block> value) {
    return blocks.stream().mapToDouble(value).toArray();
  }
}
