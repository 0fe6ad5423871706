package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Attention;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.HeadNorms;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.QueryScale;
import dev.hbar.model.layer.Sdpa;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
 */
record AttentionRecipe(
    AttentionNames names,
    int hidden,
    AttentionShape shape,
    boolean bias,
    boolean outputBias,
    NormPlace norms,
    Values values,
    Projection projection,
    Scores scores,
    RopeRecipe rope,
    Optional<QueryScale> queryScale,
    OptionalInt window)
    implements MixerRecipe {
  /** Which norms queries and keys have. */
  enum NormPlace {
    NONE,
    /** Of the family's kind, over each head, with one weight for all. */
    EACH_HEAD,
    /** A layer norm of each head, with weights [heads, headDim]. */
    EACH_HEAD_ITS_OWN,
    /** The same, each head's weight stored as a norm of its own, {@code norms.N}. */
    EACH_HEAD_APART,
    /** Of the family's kind, over all heads together. */
    WHOLE,
    /** As EACH_HEAD, after they have turned. */
    TURNED
  }

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
        NormPlace.NONE,
        Values.PROJECTED,
        Projection.APART,
        Scores.PLAIN,
        RopeRecipe.of(config),
        Optional.empty(),
        OptionalInt.empty());
  }

  AttentionRecipe withNames(AttentionNames others) {
    return new AttentionRecipe(
        others,
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
        window);
  }

  AttentionRecipe withShape(AttentionShape other) {
    return new AttentionRecipe(
        names,
        hidden,
        other,
        bias,
        outputBias,
        norms,
        values,
        projection,
        scores,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe withScale(double factor) {
    return withShape(shape.scaled(factor));
  }

  AttentionRecipe withBiases(boolean queryKeyValue, boolean output) {
    return new AttentionRecipe(
        names,
        hidden,
        shape,
        queryKeyValue,
        output,
        norms,
        values,
        projection,
        scores,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe withHeadNorms() {
    return withNorms(NormPlace.EACH_HEAD);
  }

  AttentionRecipe withNorms(NormPlace place) {
    return new AttentionRecipe(
        names,
        hidden,
        shape,
        bias,
        outputBias,
        place,
        values,
        projection,
        scores,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe withValues(Values others) {
    return new AttentionRecipe(
        names,
        hidden,
        shape,
        bias,
        outputBias,
        norms,
        others,
        projection,
        scores,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe with(Projection other) {
    return new AttentionRecipe(
        names,
        hidden,
        shape,
        bias,
        outputBias,
        norms,
        values,
        other,
        scores,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe with(Scores others) {
    return new AttentionRecipe(
        names,
        hidden,
        shape,
        bias,
        outputBias,
        norms,
        values,
        projection,
        others,
        rope,
        queryScale,
        window);
  }

  AttentionRecipe with(RopeRecipe other) {
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
        other,
        queryScale,
        window);
  }

  AttentionRecipe withQueryScale(QueryScale byPosition) {
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
        Optional.of(byPosition),
        window);
  }

  AttentionRecipe withWindow(OptionalInt size) {
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
        size);
  }

  @Override
  public MixerRecipe withoutWindow() {
    return withWindow(OptionalInt.empty());
  }

  @Override
  public StateKind state(DType dtype) {
    return new StateKind.KeysAndValues(shape.kvHeads(), shape.headDim(), shape.headDim(), window);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + "." + names.path() + ".";
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    String query = own + names.query();
    String key = own + names.key();
    String value = own + names.value();
    boolean gated = projection == Projection.GATED;
    if (projection == Projection.FUSED) {
      parts.weights().split(own + names.fused(), List.of(query, key, value), queries, keys, keys);
    }
    String gate = own + "gate_proj";
    if (gated) {
      List<int[]> rows = List.of(rowsOfHeads(0), rowsOfHeads(shape.headDim()));
      parts.weights().deal(query, List.of(query, gate), rows);
    }
    return new Attention(
        parts.linear(query, hidden, queries, bias),
        parts.linear(key, hidden, keys, bias),
        values == Values.KEYS
            ? Optional.empty()
            : Optional.of(parts.linear(value, hidden, keys, bias)),
        headNorms(parts, own),
        values == Values.PROJECTED ? Norm.NONE : parts.weightlessRms(shape.headDim()),
        parts.linear(own + names.output(), queries, hidden, outputBias),
        gated ? Optional.of(parts.linear(gate, hidden, queries, bias)) : Optional.empty(),
        parts.rope(rope),
        queryScale,
        sdpa(parts, own),
        shape);
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

  private HeadNorms headNorms(Parts parts, String own) {
    String query = own + names.queryNorm();
    String key = own + names.keyNorm();
    int dim = shape.headDim();
    return switch (norms) {
      case NONE -> HeadNorms.NONE;
      case EACH_HEAD -> new HeadNorms.Each(parts.norm(query, dim), parts.norm(key, dim));
      case TURNED -> new HeadNorms.Turned(parts.norm(query, dim), parts.norm(key, dim));
      case WHOLE ->
          new HeadNorms.Whole(
              parts.norm(query, shape.heads() * dim), parts.norm(key, shape.kvHeads() * dim));
      case EACH_HEAD_ITS_OWN ->
          new HeadNorms.Each(
              ofHeads(parts, parts.weights().vector(query + ".weight", shape.heads(), dim)),
              ofHeads(parts, parts.weights().vector(key + ".weight", shape.kvHeads(), dim)));
      case EACH_HEAD_APART ->
          new HeadNorms.Each(
              ofHeads(parts, stacked(parts, query, shape.heads())),
              ofHeads(parts, stacked(parts, key, shape.kvHeads())));
    };
  }

  private Norm ofHeads(Parts parts, MlxArray weight) {
    return parts.layerNormOfHeads(weight, shape.headDim());
  }

  private MlxArray stacked(Parts parts, String path, int heads) {
    MlxArray[] each = new MlxArray[heads];
    for (int head = 0; head < heads; head++) {
      String name = path + ".norms." + head + ".weight";
      each[head] = parts.weights().vector(name, shape.headDim());
    }
    return parts.model().ops().stack(0, each);
  }

  /** Of every head that many rows from {@code first} on, of twice as many. */
  private int[] rowsOfHeads(int first) {
    int dim = shape.headDim();
    return IntStream.range(0, shape.heads() * dim)
        .map(row -> row / dim * 2 * dim + first + row % dim)
        .toArray();
  }
}
