package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares the steps of a generation with those of a reference. Every step is fed the reference's
 * token (teacher forcing), so that a tie that falls the other way does not make all later steps
 * incomparable. Owner thread.
 */
final class StepComparison {
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();

  private final CausalLm model;
  private final int[] prompt;
  private final int[] tokens;
  private final ReferenceSteps reference;
  private final ErrorStatistics.Sums[] blocks;
  private final ErrorStatistics.Sums norm = new ErrorStatistics.Sums();
  private final ErrorStatistics.Sums logits = new ErrorStatistics.Sums();
  private final ErrorStatistics.Sums lastToNormed = new ErrorStatistics.Sums();
  private final TokenAgreement.Tally agreement = new TokenAgreement.Tally();

  StepComparison(CausalLm model, ReferenceFile file, int[] prompt) {
    this.model = model;
    this.prompt = prompt;
    this.tokens = known(file, model.config().vocabSize());
    this.reference = ReferenceSteps.read(file, model);
    this.blocks = new ErrorStatistics.Sums[model.layers()];
    Arrays.setAll(blocks, layer -> new ErrorStatistics.Sums());
  }

  private static int[] known(ReferenceFile file, int vocabulary) {
    int[] tokens = file.tokens();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw file.problem(
            "token %s is outside the vocabulary of %s".formatted(token, vocabulary),
            "make it with this checkpoint");
      }
    }
    return tokens;
  }

  /**
   * What the steps show.
   *
   * @param normedLast whether the reference's last block output is a normed state; then it is not
   *     among the points
   */
  record Result(List<ErrorProfile.Measured> points, TokenAgreement agreement, boolean normedLast) {}

  Result run() {
    CaptureRequest request = CaptureRequest.blocks(model.layers()).and(FINAL_NORM);
    try (MlxScope run = model.openRun("steps");
        KvCache cache = model.newCache(run, new SequenceLength(prompt.length))) {
      List<int[]> next = new Prefill(model, run).allButLastPiece(cache, List.of(prompt));
      for (int index = 0; index < tokens.length; index++) {
        try (MlxScope step = run.child("step")) {
          TokenBatch batch = TokenBatch.of(step, next, model.config().vocabSize());
          add(index, step, model.forward(step, batch, cache, request));
        }
        next = List.of(new int[] {tokens[index]});
      }
    }
    return result();
  }

  private void add(int index, MlxScope step, Forward forward) {
    MlxArray states =
        step.ops().astype(forward.captured().blocks(step, model.layers()), DType.FLOAT32);
    MlxArray normed = step.ops().astype(forward.captured().get(FINAL_NORM), DType.FLOAT32);
    step.eval(forward.logits(), states, normed);
    float[] outputs = states.toFloats();
    int hidden = model.config().hiddenSize();
    for (int layer = 0; layer < blocks.length && reference.hasBlocks(); layer++) {
      float[] ours = Arrays.copyOfRange(outputs, layer * hidden, (layer + 1) * hidden);
      blocks[layer].add(reference.block(index, layer), ours);
    }
    float[] ourNorm = normed.toFloats();
    if (reference.hasNorm()) {
      norm.add(reference.norm(index), ourNorm);
    }
    if (reference.hasBlocks()) {
      float[] last = reference.block(index, blocks.length - 1);
      lastToNormed.add(last, reference.hasNorm() ? reference.norm(index) : ourNorm);
    }
    addLogits(index, forward.logits().toFloats());
  }

  private void addLogits(int index, float[] ours) {
    if (reference.hasLogits()) {
      float[] theirs = reference.logits(index);
      logits.add(theirs, ours);
      agreement.add(tokens[index], ours, theirs);
    } else {
      agreement.add(tokens[index], ours);
    }
  }

  private Result result() {
    List<ErrorProfile.Measured> points = new ArrayList<>();
    boolean normedLast = false;
    for (int layer = 0; layer < blocks.length && reference.hasBlocks(); layer++) {
      ErrorStatistics error = blocks[layer].statistics();
      boolean last = layer == blocks.length - 1;
      normedLast = last && lastToNormed.statistics().matchesUnlike(error);
      if (!normedLast) {
        points.add(measured(new CapturePoint.BlockOutput(layer), error));
      }
    }
    if (reference.hasNorm()) {
      points.add(measured(FINAL_NORM, norm.statistics()));
    }
    if (reference.hasLogits()) {
      points.add(measured(new CapturePoint.Logits(), logits.statistics()));
    }
    return new Result(points, agreement.agreement(), normedLast);
  }

  private static ErrorProfile.Measured measured(CapturePoint point, ErrorStatistics error) {
    return new ErrorProfile.Measured(Comparer.PointPair.same(point), error);
  }

  /**
   * The states of a reference's steps, float32; a tensor that it does not have is an empty array.
   *
   * @param allLogits [steps * vocabulary]
   * @param allBlocks [steps * layers * hidden]
   * @param allNorms [steps * hidden]
   */
  private record ReferenceSteps(
      float[] allLogits,
      float[] allBlocks,
      float[] allNorms,
      int vocabulary,
      int layers,
      int hidden) {

    static ReferenceSteps read(ReferenceFile file, CausalLm model) {
      int steps = file.tokens().length;
      int hidden = model.config().hiddenSize();
      int vocabulary = model.config().vocabSize();
      return new ReferenceSteps(
          tensor(file, "logits", steps, vocabulary),
          tensor(file, "blocks", steps, model.layers(), hidden),
          tensor(file, "final_norm", steps, hidden),
          vocabulary,
          model.layers(),
          hidden);
    }

    private static float[] tensor(ReferenceFile file, String name, int... shape) {
      if (!file.has(name)) {
        return new float[0];
      }
      file.requireShape(name, shape);
      return file.floats(name);
    }

    boolean hasLogits() {
      return allLogits.length > 0;
    }

    boolean hasBlocks() {
      return allBlocks.length > 0;
    }

    boolean hasNorm() {
      return allNorms.length > 0;
    }

    float[] logits(int step) {
      return Arrays.copyOfRange(allLogits, step * vocabulary, (step + 1) * vocabulary);
    }

    float[] block(int step, int layer) {
      int at = (step * layers + layer) * hidden;
      return Arrays.copyOfRange(allBlocks, at, at + hidden);
    }

    float[] norm(int step) {
      return Arrays.copyOfRange(allNorms, step * hidden, (step + 1) * hidden);
    }
  }
}
