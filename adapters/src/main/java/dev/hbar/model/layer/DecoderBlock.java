package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;
import java.util.Optional;

/**
 * One decoder block: how a token mixer and a channel mixer are put together with norms and the
 * residual stream, which is its input and its output, raw.
 */
public sealed interface DecoderBlock
    permits DecoderBlock.Sequential,
        DecoderBlock.Parallel,
        DecoderBlock.OnlyTokens,
        DecoderBlock.OnlyChannels,
        FinishedBlock {
  /** x [B, T, hidden] to [B, T, hidden]; the tap sees every named state inside. */
  MlxArray apply(
      MlxScope scope, MlxArray input, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap);

  /** The part that looks at other tokens; empty where a block has none. */
  Optional<TokenMixer> tokenMixer();

  /**
   * The norms around one half of a block.
   *
   * @param before of what the half reads
   * @param after of what the half gives, before it is added to the stream
   */
  record Norms(Norm before, Norm after) {
    /** The usual form: a norm before, none after. */
    public static Norms before(Norm norm) {
      return new Norms(norm, Norm.NONE);
    }
  }

  /** First tokens, then channels: h = x + after(mixer(before(x))), and the same with the MLP. */
  record Sequential(
      Norms mixerNorms, TokenMixer mixer, Norms mlpNorms, ChannelMixer mlp, Residual residual)
      implements DecoderBlock {
    @Override
    public MlxArray apply(
        MlxScope scope,
        MlxArray input,
        KvCache cache,
        int layerIndex,
        StepPlan plan,
        BlockTap tap) {
      MlxArray x = tap.pass(scope, BlockPart.INPUT, input);
      MlxArray normed = mixerNorms.before().apply(scope, x);
      MlxArray mixed = mixer.apply(scope, normed, cache, layerIndex, plan, tap);
      MlxArray first = mixerNorms.after().apply(scope, mixed);
      MlxArray h = residual.add(scope, x, tap.pass(scope, BlockPart.ATTENTION_OUTPUT, first));
      MlxArray widened = mlp.apply(scope, mlpNorms.before().apply(scope, h), tap);
      MlxArray second = mlpNorms.after().apply(scope, widened);
      return residual.add(scope, h, tap.pass(scope, BlockPart.MLP_OUTPUT, second));
    }

    @Override
    public Optional<TokenMixer> tokenMixer() {
      return Optional.of(mixer);
    }
  }

  /** Both halves of the same stream at once: x + mixer(norm(x)) + mlp(mlpNorm(x)). */
  record Parallel(Norm norm, TokenMixer mixer, Norm mlpNorm, ChannelMixer mlp)
      implements DecoderBlock {
    @Override
    public MlxArray apply(
        MlxScope scope,
        MlxArray input,
        KvCache cache,
        int layerIndex,
        StepPlan plan,
        BlockTap tap) {
      MlxArray x = tap.pass(scope, BlockPart.INPUT, input);
      MlxArray normed = norm.apply(scope, x);
      MlxArray mixed = mixer.apply(scope, normed, cache, layerIndex, plan, tap);
      MlxArray shown = tap.pass(scope, BlockPart.ATTENTION_OUTPUT, mixed);
      MlxArray second = mlpNorm == norm ? normed : mlpNorm.apply(scope, x);
      MlxArray widened = tap.pass(scope, BlockPart.MLP_OUTPUT, mlp.apply(scope, second, tap));
      return scope.ops().add(scope.ops().add(x, shown), widened);
    }

    @Override
    public Optional<TokenMixer> tokenMixer() {
      return Optional.of(mixer);
    }
  }

  /** A token mixer and nothing else: x + mixer(norm(x)). */
  record OnlyTokens(Norm norm, TokenMixer mixer) implements DecoderBlock {
    @Override
    public MlxArray apply(
        MlxScope scope,
        MlxArray input,
        KvCache cache,
        int layerIndex,
        StepPlan plan,
        BlockTap tap) {
      MlxArray x = tap.pass(scope, BlockPart.INPUT, input);
      MlxArray mixed = mixer.apply(scope, norm.apply(scope, x), cache, layerIndex, plan, tap);
      return scope.ops().add(x, tap.pass(scope, BlockPart.ATTENTION_OUTPUT, mixed));
    }

    @Override
    public Optional<TokenMixer> tokenMixer() {
      return Optional.of(mixer);
    }
  }

  /** A channel mixer and nothing else: x + mlp(norm(x)); such a layer has no state. */
  record OnlyChannels(Norm norm, ChannelMixer mlp) implements DecoderBlock {
    @Override
    public MlxArray apply(
        MlxScope scope,
        MlxArray input,
        KvCache cache,
        int layerIndex,
        StepPlan plan,
        BlockTap tap) {
      MlxArray x = tap.pass(scope, BlockPart.INPUT, input);
      MlxArray widened = mlp.apply(scope, norm.apply(scope, x), tap);
      return scope.ops().add(x, tap.pass(scope, BlockPart.MLP_OUTPUT, widened));
    }

    @Override
    public Optional<TokenMixer> tokenMixer() {
      return Optional.empty();
    }
  }
}
