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
import java.util.Optional;

/**
 * The steps of a generation against a reference's. Every step is fed the reference's token, so that
 * one tie that falls the other way does not make all later steps incomparable. Owner thread.
 */
final class StepComparison {
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();

  private final CausalLm model;
  private final int[] prompt;
  private final int[] tokens;
  private final ReferenceSteps reference;
  private final ErrorSums[] blocks;
  private final ErrorSums norm = new ErrorSums();
  private final ErrorSums logits = new ErrorSums();
  private final ErrorSums lastToNormed = new ErrorSums();
  private final List<TokenAgreement.Difference> differences = new ArrayList<>();
  private double sharedTop;

  StepComparison(CausalLm model, ReferenceFile file, int[] prompt) {
    this.model = model;
    this.prompt = prompt;
    this.tokens = known(file, model.config().vocabSize());
    this.reference = ReferenceSteps.read(file, model);
    this.blocks = new ErrorSums[model.layers()];
    Arrays.setAll(blocks, layer -> new ErrorSums());
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
   * What the steps gave.
   *
   * @param normedLast whether the reference's last block output is a normed state; then it is not
   *     among the points
   */
  record Result(List<Section.Measured> points, TokenAgreement agreement, boolean normedLast) {}

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
    int chosen = TopTokens.first(ours);
    double gap = Double.NaN;
    if (reference.hasLogits()) {
      float[] theirs = reference.logits(index);
      logits.add(theirs, ours);
      sharedTop += TopTokens.shared(TopTokens.of(theirs), TopTokens.of(ours));
      gap = theirs[tokens[index]] - theirs[chosen];
    }
    if (chosen != tokens[index]) {
      differences.add(new TokenAgreement.Difference(index, chosen, tokens[index], gap));
    }
  }

  private Result result() {
    List<Section.Measured> points = new ArrayList<>();
    boolean normedLast = false;
    for (int layer = 0; layer < blocks.length && reference.hasBlocks(); layer++) {
      ErrorStatistics error = blocks[layer].statistics();
      boolean last = layer == blocks.length - 1;
      normedLast = last && NormedLastBlock.is(error, lastToNormed.statistics());
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
    int steps = tokens.length;
    double topFive = reference.hasLogits() ? sharedTop / steps : Double.NaN;
    Optional<TokenAgreement.Difference> first = differences.stream().findFirst();
    TokenAgreement agreement =
        new TokenAgreement(steps, steps - differences.size(), topFive, first);
    return new Result(points, agreement, normedLast);
  }

  private static Section.Measured measured(CapturePoint point, ErrorStatistics error) {
    return new Section.Measured(PointPair.same(point), error);
  }
}
