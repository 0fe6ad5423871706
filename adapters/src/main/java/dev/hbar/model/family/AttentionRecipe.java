package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Attention;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.Projections;
import dev.hbar.model.layer.QueryScale;
import dev.hbar.model.layer.Sdpa;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Causal attention with a cache of keys and values. Start from {@link #plain}, add what differs.
 *
 * @param bias q_proj, k_proj and v_proj have biases
 * @param outputBias o_proj has a bias
 * @param norms of queries and keys
 * @param values where they come from
 * @param projection how queries are stored
 * @param scores how they are bent
 * @param rope how queries and keys turn
 * @param queryScale by position
 * @param window the last keys that a query sees, itself included; empty: all
 * @param chunked of those, only the ones of its own chunk of {@code window} positions
 */
record AttentionRecipe(
    AttentionNames names,
    int hidden,
    AttentionShape shape,
    boolean bias,
    boolean outputBias,
    HeadNormsRecipe norms,
    Values values,
    Projection projection,
    Scores scores,
    RopeRecipe rope,
    Optional<QueryScale> queryScale,
    OptionalInt window,
    boolean chunked)
    implements MixerRecipe {
  /** Where the values come from. */
  enum Values {
    PROJECTED,
    /** Projected, and an RMS norm without weight over each head. */
    NORMED,
    /** The keys' projection is theirs too; normed as NORMED. */
    KEYS
  }

  /** How queries, keys and values are stored. */
  enum Projection {
    APART,
    /** One matrix holds the rows of all three. */
    FUSED,
    /** One matrix holds, for each key's head, the rows of its queries, of the key and its value. */
    GROUPED,
    /**
     * Apart; the query's holds, head by head, the rows of queries and of a gate for the answers.
     */
    GATED
  }

  /**
   * How scores are bent.
   *
   * @param cap scores become cap tanh(score/cap)
   * @param sinks {@code sinks} holds one more score for each head
   */
  record Scores(Optional<Float> cap, boolean sinks) {
    static final Scores PLAIN = new Scores(Optional.empty(), false);
  }

  static AttentionRecipe plain(ModelConfig config) {
    return new AttentionRecipe(
        AttentionNames.USUAL,
        config.hiddenSize(),
        new AttentionShape(config.heads(), config.kvHeads(), config.headDim()),
        false,
        false,
        HeadNormsRecipe.NONE,
        Values.PROJECTED,
        Projection.APART,
        Scores.PLAIN,
        RopeRecipe.of(config),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  AttentionRecipe withNames(AttentionNames others) {
    return changed(draft -> draft.names = others);
  }

  AttentionRecipe withShape(AttentionShape other) {
    return changed(draft -> draft.shape = other);
  }

  AttentionRecipe withScale(double factor) {
    return withShape(shape.scaled(factor));
  }

  AttentionRecipe withBiases(boolean queryKeyValue, boolean output) {
    return changed(
        draft -> {
          draft.bias = queryKeyValue;
          draft.outputBias = output;
        });
  }

  AttentionRecipe withHeadNorms() {
    return withNorms(HeadNormsRecipe.EACH_HEAD);
  }

  AttentionRecipe withNorms(HeadNormsRecipe others) {
    return changed(draft -> draft.norms = others);
  }

  AttentionRecipe withValues(Values others) {
    return changed(draft -> draft.values = others);
  }

  AttentionRecipe with(Projection other) {
    return changed(draft -> draft.projection = other);
  }

  AttentionRecipe with(Scores others) {
    return changed(draft -> draft.scores = others);
  }

  AttentionRecipe with(RopeRecipe other) {
    return changed(draft -> draft.rope = other);
  }

  AttentionRecipe withQueryScale(QueryScale byPosition) {
    return changed(draft -> draft.queryScale = Optional.of(byPosition));
  }

  AttentionRecipe withWindow(OptionalInt size) {
    return changed(draft -> draft.window = size);
  }

  AttentionRecipe withChunks(int size) {
    return changed(
        draft -> {
          draft.window = OptionalInt.of(size);
          draft.chunked = true;
        });
  }

  private AttentionRecipe changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.recipe();
  }

  /** A recipe while one thing in it is changed. */
  private static final class Draft {
    private final int hidden;
    private AttentionNames names;
    private AttentionShape shape;
    private boolean bias;
    private boolean outputBias;
    private HeadNormsRecipe norms;
    private Values values;
    private Projection projection;
    private Scores scores;
    private RopeRecipe rope;
    private Optional<QueryScale> queryScale;
    private OptionalInt window;
    private boolean chunked;

    private Draft(AttentionRecipe from) {
      hidden = from.hidden;
      names = from.names;
      shape = from.shape;
      bias = from.bias;
      outputBias = from.outputBias;
      norms = from.norms;
      values = from.values;
      projection = from.projection;
      scores = from.scores;
      rope = from.rope;
      queryScale = from.queryScale;
      window = from.window;
      chunked = from.chunked;
    }

    private AttentionRecipe recipe() {
      return new AttentionRecipe(
          names,
          hidden,
          shape,
          bias,
          outputBias,
          norms,
          values,
          projection,
          scores,
          rope,
          queryScale,
          window,
          chunked);
    }
  }

  @Override
  public MixerRecipe withoutWindow() {
    return withWindow(OptionalInt.empty());
  }

  @Override
  public StateKind state(DType dtype) {
    int dim = shape.headDim();
    return new StateKind.KeysAndValues(shape.kvHeads(), dim, dim, window, chunked);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + "." + names.path() + ".";
    int queries = shape.heads() * shape.headDim();
    Optional<Linear> gate =
        projection == Projection.GATED ? Optional.of(gate(parts, own)) : Optional.empty();
    return new Attention(
        projections(parts, own),
        norms.build(parts, own + names.queryNorm(), own + names.keyNorm(), shape),
        values == Values.PROJECTED ? Norm.NONE : parts.weightlessRms(shape.headDim()),
        parts.linear(own + names.output(), queries, hidden, outputBias),
        gate,
        parts.rope(rope),
        queryScale,
        sdpa(parts, own),
        shape);
  }

  /** Cuts the gate's rows out of the query's. */
  private Linear gate(Parts parts, String own) {
    String query = own + names.query();
    String gate = own + "gate_proj";
    List<int[]> rows = List.of(rowsOfHeads(0), rowsOfHeads(shape.headDim()));
    parts.weights().deal(query, List.of(query, gate), rows);
    return parts.linear(gate, hidden, shape.heads() * shape.headDim(), bias);
  }

  /** One product where the weights allow it and nobody norms queries or keys before they turn. */
  private Projections projections(Parts parts, String own) {
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    String query = own + names.query();
    String key = own + names.key();
    String value = own + names.value();
    boolean joinable = norms.isAfterRope() && values != Values.KEYS;
    if (projection == Projection.FUSED) {
      String fused = own + names.fused();
      if (joinable) {
        return new Projections.Joined(parts.linear(fused, hidden, queries + 2 * keys, bias));
      }
      parts.weights().split(fused, List.of(query, key, value), queries, keys, keys);
    }
    List<String> all = List.of(query, key, value);
    if (projection == Projection.GROUPED) {
      int each = shape.heads() / shape.kvHeads();
      List<int[]> rows =
          List.of(rowsOfGroups(0, each), rowsOfGroups(each, 1), rowsOfGroups(each + 1, 1));
      parts.weights().deal(own + names.fused(), all, rows);
    }
    if (joinable && parts.weights().isPackedAlike(all)) {
      return new Projections.Joined(
          parts.weights().joined(all, hidden, List.of(queries, keys, keys), bias));
    }
    return new Projections.Apart(
        parts.linear(query, hidden, queries, bias),
        parts.linear(key, hidden, keys, bias),
        values == Values.KEYS
            ? Optional.empty()
            : Optional.of(parts.linear(value, hidden, keys, bias)));
  }

  private Sdpa sdpa(Parts parts, String own) {
    if (scores.equals(Scores.PLAIN)) {
      return parts.options().sdpa();
    }
    Optional<MlxArray> sinks =
        scores.sinks()
            ? Optional.of(parts.weights().vector(own + "sinks", shape.heads()))
            : Optional.empty();
    return new Sdpa.Bent(scores.cap(), sinks);
  }

  /** The rows of {@code count} heads of every group, from its {@code first} head on. */
  private int[] rowsOfGroups(int first, int count) {
    int dim = shape.headDim();
    int group = (shape.heads() / shape.kvHeads() + 2) * dim;
    return IntStream.range(0, shape.kvHeads() * count * dim)
        .map(row -> row / (count * dim) * group + first * dim + row % (count * dim))
        .toArray();
  }

  /** Of every head that many rows from {@code first} on, of twice as many. */
  private int[] rowsOfHeads(int first) {
    int dim = shape.headDim();
    return IntStream.range(0, shape.heads() * dim)
        .map(row -> row / dim * 2 * dim + first + row % dim)
        .toArray();
  }
}
