package dev.hbar.model.decode;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the rows of a batch choose their tokens: all in one way, or, where batches were joined, each
 * in its own. A row chooses as it would alone: its draws depend on its own seed and step.
 */
final class RowChoices implements AutoCloseable {
  private List<Group> groups;

  /** Rows that choose alike. */
  private static final class Group {
    private final Sampling sampling;
    private final LogitAdjustment adjustment;
    private final Optional<TokenConstraint.Cursor> cursor;
    private int step;

    private Group(
        Sampling sampling,
        LogitAdjustment adjustment,
        Optional<TokenConstraint.Cursor> cursor,
        int step) {
      this.sampling = sampling;
      this.adjustment = adjustment;
      this.cursor = cursor;
      this.step = step;
    }

    private MlxArray choose(MlxScope scope, MlxArray logits) {
      MlxArray adjusted = adjustment.adjusted(scope, logits);
      MlxArray allowed = cursor.map(row -> masked(scope, adjusted, row.allowed())).orElse(adjusted);
      return new TokenChooser(sampling).choose(scope, allowed, step);
    }

    /** What is not allowed is as unlikely as can be. */
    private static MlxArray masked(MlxScope scope, MlxArray logits, BitSet allowed) {
      float[] added = new float[logits.dim(-1)];
      Arrays.fill(added, Float.NEGATIVE_INFINITY);
      allowed.stream().takeWhile(id -> id < added.length).forEach(id -> added[id] = 0f);
      return scope.ops().add(logits, scope.floats(added, 1, added.length));
    }

    /** Whether it takes the highest logit as the model gave it. */
    private boolean isPlain() {
      return sampling.isGreedy() && sampling.isUnadjusted() && cursor.isEmpty();
    }
  }

  private RowChoices(List<Group> groups) {
    this.groups = groups;
  }

  /** All rows choose in one way. */
  static RowChoices alike(Sampling sampling, MlxScope run, int vocabulary) {
    LogitAdjustment adjustment = new LogitAdjustment(sampling, run, vocabulary);
    Optional<TokenConstraint.Cursor> cursor = sampling.constraint().map(TokenConstraint::begin);
    return new RowChoices(List.of(new Group(sampling, adjustment, cursor, 0)));
  }

  /**
   * The rows of single-row batches, each of which goes on choosing in its way.
   *
   * @param run owns what they keep from now on
   */
  static RowChoices joined(MlxScope run, List<RowChoices> parts) {
    List<Group> groups = new ArrayList<>();
    for (RowChoices part : parts) {
      for (Group group : part.groups) {
        groups.add(
            new Group(group.sampling, group.adjustment.movedTo(run), group.cursor, group.step));
      }
    }
    return new RowChoices(groups);
  }

  /** Takes the prompts of all rows, before the first step. */
  void begin(List<int[]> prompts) {
    if (isConstrained() && prompts.size() > 1) {
      throw new IllegalArgumentException("a constraint is of one row, not of " + prompts.size());
    }
    groups.getFirst().adjustment.begin(prompts);
  }

  /**
   * The next token of every row, int32 [B].
   *
   * @param logits float32 [B, V]
   */
  MlxArray choose(MlxScope scope, MlxArray logits) {
    if (groups.size() == 1 || groups.stream().allMatch(Group::isPlain)) {
      return groups.getFirst().choose(scope, logits);
    }
    MlxArray[] chosen = new MlxArray[groups.size()];
    for (int row = 0; row < chosen.length; row++) {
      chosen[row] = groups.get(row).choose(scope, row(scope, logits, row));
    }
    return scope.ops().concatenate(0, chosen);
  }

  private static MlxArray row(MlxScope scope, MlxArray logits, int row) {
    return scope.ops().slice(logits, new int[] {row, 0}, new int[] {row + 1, logits.dim(1)});
  }

  /** Takes the tokens int32 [B] that a step has chosen. */
  void add(MlxScope scope, MlxArray tokens) {
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      group.step++;
      if (!group.sampling.isUnadjusted()) {
        group.adjustment.add(
            scope,
            groups.size() == 1
                ? tokens
                : scope.ops().slice(tokens, new int[] {i}, new int[] {i + 1}));
      }
    }
  }

  /** Whether a row's next token depends on its last one outside the graph. */
  boolean isConstrained() {
    return groups.stream().anyMatch(group -> group.cursor.isPresent());
  }

  /** Takes the tokens of all rows once they are known. */
  void known(int[] tokens) {
    for (int i = 0; i < groups.size(); i++) {
      int token = tokens[i];
      groups.get(i).cursor.ifPresent(cursor -> cursor.accept(token));
    }
  }

  /** Goes on with these rows only, in this order. */
  void retain(MlxScope scope, int[] rows, MlxArray indices) {
    if (groups.size() == 1) {
      groups.getFirst().adjustment.retain(scope, indices);
      return;
    }
    List<Group> before = groups;
    groups = Arrays.stream(rows).mapToObj(before::get).toList();
    before.stream().filter(group -> !groups.contains(group)).forEach(g -> g.adjustment.close());
  }

  /** What must be evaluated with a step, lest its graph grow. */
  Stream<MlxArray> arrays() {
    return groups.stream().flatMap(group -> group.adjustment.arrays());
  }

  @Override
  public void close() {
    groups.forEach(group -> group.adjustment.close());
  }
}
