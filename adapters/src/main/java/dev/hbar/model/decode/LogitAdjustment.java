package dev.hbar.model.decode;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.Sampling.Penalties;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bias and penalties of a batch, inside the graph: which tokens have been there, and how often, is
 * kept in arrays of the run that each step updates with the tokens it has chosen. Nothing is read
 * out. Without bias and penalties it makes no array.
 */
final class LogitAdjustment implements AutoCloseable {
  private final Sampling sampling;
  private final MlxScope run;
  private final int vocabulary;
  private Optional<MlxArray> bias = Optional.empty();
  // Bool [B, V]: tokens of prompt and text; float32 [B, V]: how often each is in the text.
  private Optional<MlxArray> seen = Optional.empty();
  private Optional<MlxArray> counts = Optional.empty();

  LogitAdjustment(Sampling sampling, MlxScope run, int vocabulary) {
    this.sampling = sampling;
    this.run = run;
    this.vocabulary = vocabulary;
  }

  /** Takes the prompts of all rows, before the first step. */
  void begin(List<int[]> prompts) {
    if (!sampling.logitBias().isEmpty()) {
      float[] added = new float[vocabulary];
      sampling.logitBias().forEach((id, value) -> added[known(id)] = value);
      bias = Optional.of(run.floats(added, 1, vocabulary));
    }
    int rows = prompts.size();
    Penalties penalties = sampling.penalties();
    if (penalties.repetition() != 1f) {
      float[] there = new float[rows * vocabulary];
      for (int row = 0; row < rows; row++) {
        for (int id : prompts.get(row)) {
          there[row * vocabulary + id] = 1f;
        }
      }
      try (MlxScope scope = run.child("prompt tokens")) {
        MlxArray flags = scope.floats(there, rows, vocabulary);
        seen = Optional.of(scope.keep(scope.ops().astype(flags, DType.BOOL)));
      }
    }
    if (penalties.presence() != 0f || penalties.frequency() != 0f) {
      counts = Optional.of(run.ops().zeros(DType.FLOAT32, rows, vocabulary));
    }
  }

  private int known(int id) {
    if (id >= vocabulary) {
      throw new IllegalArgumentException(
          "logit-bias of token " + id + ": the ids end at " + (vocabulary - 1));
    }
    return id;
  }

  /** The same, whose arrays belong to another run from now on. */
  LogitAdjustment movedTo(MlxScope other) {
    LogitAdjustment moved = new LogitAdjustment(sampling, other, vocabulary);
    moved.bias = bias.map(array -> other.ops().astype(array, array.dtype()));
    moved.seen = seen.map(array -> other.ops().astype(array, array.dtype()));
    moved.counts = counts.map(array -> other.ops().astype(array, array.dtype()));
    close();
    return moved;
  }

  /** Logits float32 [B, V] as the choice sees them. */
  MlxArray adjusted(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    MlxArray changed = logits;
    if (bias.isPresent()) {
      changed = ops.add(changed, bias.get());
    }
    if (seen.isPresent()) {
      MlxArray penalty = step.scalar(sampling.penalties().repetition(), DType.FLOAT32);
      MlxArray negative = ops.less(changed, step.scalar(0f, DType.FLOAT32));
      MlxArray repeated =
          ops.where(negative, ops.multiply(changed, penalty), ops.divide(changed, penalty));
      changed = ops.where(seen.get(), repeated, changed);
    }
    return counts.isPresent() ? ops.subtract(changed, penalty(step, counts.get())) : changed;
  }

  private MlxArray penalty(MlxScope step, MlxArray times) {
    MlxOps ops = step.ops();
    MlxArray there = ops.astype(ops.greater(times, step.scalar(0f, DType.FLOAT32)), DType.FLOAT32);
    MlxArray presence = step.scalar(sampling.penalties().presence(), DType.FLOAT32);
    MlxArray frequency = step.scalar(sampling.penalties().frequency(), DType.FLOAT32);
    return ops.add(ops.multiply(there, presence), ops.multiply(times, frequency));
  }

  /** Takes the tokens int32 [B] that a step has chosen. */
  void add(MlxScope step, MlxArray tokens) {
    if (seen.isEmpty() && counts.isEmpty()) {
      return;
    }
    MlxOps ops = step.ops();
    MlxArray ids = ops.expandDims(ops.arange(0, vocabulary, DType.INT32), 0);
    MlxArray chosen = ops.equal(ids, ops.expandDims(tokens, 1));
    seen = seen.map(old -> replaced(step, old, ops.logicalOr(old, chosen)));
    counts =
        counts.map(old -> replaced(step, old, ops.add(old, ops.astype(chosen, DType.FLOAT32))));
  }

  /** Goes on with these rows only, int32, in this order. */
  void retain(MlxScope step, MlxArray rows) {
    seen = seen.map(old -> replaced(step, old, step.ops().take(old, rows, 0)));
    counts = counts.map(old -> replaced(step, old, step.ops().take(old, rows, 0)));
  }

  /** What must be evaluated with a step, lest its graph grow. */
  Stream<MlxArray> arrays() {
    return Stream.concat(seen.stream(), counts.stream());
  }

  private static MlxArray replaced(MlxScope step, MlxArray old, MlxArray next) {
    MlxArray kept = step.keep(next);
    old.close();
    return kept;
  }

  @Override
  public void close() {
    bias.ifPresent(MlxArray::close);
    arrays().forEach(MlxArray::close);
  }
}
