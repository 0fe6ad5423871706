package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.ChannelMixer;
import dev.hbar.model.layer.ExpertLinear;
import dev.hbar.model.layer.ExpertMlp;
import dev.hbar.model.layer.Experts;
import dev.hbar.model.layer.Gating;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A mixture of experts. Start from {@link #of}, add what differs. Experts that a checkpoint holds
 * one by one, as the original repositories do, are stacked.
 *
 * @param path of the mixture in its layer
 * @param names where its parts lie
 * @param inner width inside an expert
 * @param count of experts
 * @param bias router and experts have biases
 * @param rule of the router
 * @param gating inside an expert
 * @param ungated experts have no gates, and this between their projections
 * @param weighed what the router's weights are multiplied by
 * @param shared the expert that all tokens go through
 */
record ExpertsRecipe(
    String path,
    Names names,
    int hidden,
    int inner,
    int count,
    boolean bias,
    RouterRule rule,
    Function<Parts, Gating> gating,
    Optional<ActivationKind> ungated,
    Experts.Weighed weighed,
    Optional<Shared> shared)
    implements ChannelRecipe {
  /**
   * Names below the mixture's path.
   *
   * @param router the layer that scores the experts
   * @param stacked the experts, stacked, below which gate_proj, up_proj and down_proj lie
   * @param single the experts one by one, below which their numbers lie
   * @param projections the single experts' own names of gate, up and down
   */
  record Names(String router, String stacked, String single, List<String> projections) {
    static final Names USUAL =
        new Names("gate", "switch_mlp", "experts", List.of("gate_proj", "up_proj", "down_proj"));
  }

  /** Makes the router's rule; {@code own} is the mixture's path. */
  @FunctionalInterface
  interface RouterRule {
    Router.Rule build(Parts parts, String own);
  }

  /**
   * An MLP beside the experts.
   *
   * @param mlp its path is relative to the layer
   * @param gate path below the mixture's own of what its output is weighed by; empty: 1
   */
  record Shared(MlpRecipe mlp, Optional<String> gate) {}

  /** With the usual names and the config's activation on gates. */
  static ExpertsRecipe of(String path, ModelConfig config, int inner, int count, Router.Rule rule) {
    ActivationKind activation = ActivationKind.of(config);
    return new ExpertsRecipe(
        path,
        Names.USUAL,
        config.hiddenSize(),
        inner,
        count,
        false,
        (parts, own) -> rule,
        parts -> new Gating.Product(parts.activation(activation)),
        Optional.empty(),
        Experts.Weighed.ANSWER,
        Optional.empty());
  }

  ExpertsRecipe withNames(Names given) {
    return new ExpertsRecipe(
        path, given, hidden, inner, count, bias, rule, gating, ungated, weighed, shared);
  }

  ExpertsRecipe withBias() {
    return new ExpertsRecipe(
        path, names, hidden, inner, count, true, rule, gating, ungated, weighed, shared);
  }

  ExpertsRecipe withRule(RouterRule given) {
    return new ExpertsRecipe(
        path, names, hidden, inner, count, bias, given, gating, ungated, weighed, shared);
  }

  ExpertsRecipe withGating(Gating given) {
    return new ExpertsRecipe(
        path, names, hidden, inner, count, bias, rule, parts -> given, ungated, weighed, shared);
  }

  ExpertsRecipe withoutGates(ActivationKind activation) {
    return new ExpertsRecipe(
        path,
        names,
        hidden,
        inner,
        count,
        bias,
        rule,
        gating,
        Optional.of(activation),
        weighed,
        shared);
  }

  ExpertsRecipe withWeighedInputs() {
    Experts.Weighed inputs = Experts.Weighed.INPUT;
    return new ExpertsRecipe(
        path, names, hidden, inner, count, bias, rule, gating, ungated, inputs, shared);
  }

  ExpertsRecipe withShared(MlpRecipe mlp, Optional<String> gate) {
    return new ExpertsRecipe(
        path,
        names,
        hidden,
        inner,
        count,
        bias,
        rule,
        gating,
        ungated,
        weighed,
        Optional.of(new Shared(mlp, gate)));
  }

  /** With another width inside an expert, and that shared expert. */
  ExpertsRecipe narrowed(int width, Optional<Shared> other) {
    return new ExpertsRecipe(
        path, names, hidden, width, count, bias, rule, gating, ungated, weighed, other);
  }

  @Override
  public ChannelMixer build(Parts parts, String layer) {
    String own = layer + "." + path;
    OpenExperts.settle(parts.weights(), own);
    Linear gate = parts.linear(own + "." + names.router(), hidden, count, bias);
    return new Experts(
        new Router(gate, rule.build(parts, own)),
        experts(parts, own),
        weighed,
        shared.flatMap(one -> beside(parts, layer, own, one)));
  }

  /** An MLP of no width adds nothing, and neither does what it would be weighed by. */
  private Optional<Experts.Shared> beside(Parts parts, String layer, String own, Shared one) {
    Optional<String> gate = one.gate().map(name -> own + "." + name);
    if (one.mlp().inner() == 0) {
      gate.ifPresent(parts.weights()::leave);
      return Optional.empty();
    }
    return Optional.of(
        new Experts.Shared(
            one.mlp().build(parts, layer), gate.map(path -> parts.linear(path, hidden, 1, false))));
  }

  private ExpertMlp experts(Parts parts, String own) {
    if (ungated.isPresent()) {
      return ExpertMlp.plain(
          projection(parts, own, 1, "fc1", hidden, inner),
          projection(parts, own, 2, "fc2", inner, hidden),
          parts.activation(ungated.get()));
    }
    takeApart(parts, own, ".experts.gate_up_proj", ".experts.down_proj");
    takeApart(parts, own, ".input_linear.weight", ".output_linear.weight");
    return ExpertMlp.gated(
        projection(parts, own, 0, "gate_proj", hidden, inner),
        projection(parts, own, 1, "up_proj", hidden, inner),
        projection(parts, own, 2, "down_proj", inner, hidden),
        gating.apply(parts));
  }

  /** As transformers has them: stacked, the rows of gate and up in one. */
  private void takeApart(Parts parts, String own, String gateAndUp, String down) {
    String stacked = own + "." + names.stacked();
    if (!parts.weights().has(own + gateAndUp)) {
      return;
    }
    parts
        .weights()
        .rearrange(
            own + gateAndUp,
            List.of(stacked + ".gate_proj.weight", stacked + ".up_proj.weight"),
            (scope, stored) -> {
              MlxArray x = upright(scope, stored);
              return List.of(rows(scope, x, 0, inner), rows(scope, x, inner, 2 * inner));
            });
    parts
        .weights()
        .rearrange(
            own + down,
            List.of(stacked + ".down_proj.weight"),
            (scope, x) -> List.of(upright(scope, x)));
  }

  /** The matrices of Llama 4, whose inputs are weighed, are stored as [in, out]. */
  private MlxArray upright(MlxScope scope, MlxArray x) {
    return weighed == Experts.Weighed.INPUT
        ? scope.ops().contiguous(scope.ops().swapaxes(x, 1, 2))
        : x;
  }

  /** Rows [from, to) of every matrix of x. */
  private static MlxArray rows(MlxScope scope, MlxArray x, int from, int to) {
    return scope.ops().slice(x, new int[] {0, from, 0}, new int[] {x.dim(0), to, x.dim(2)});
  }

  private ExpertLinear projection(
      Parts parts, String own, int index, String name, int in, int out) {
    String stacked = own + "." + names.stacked() + "." + name;
    List<String> single =
        IntStream.range(0, count)
            .mapToObj(
                i -> own + "." + names.single() + "." + i + "." + names.projections().get(index))
            .toList();
    if (parts.weights().has(single.getFirst() + ".weight")) {
      parts.weights().stack(single, stacked);
    }
    return parts.weights().experts(stacked, count, in, out, bias);
  }
}
