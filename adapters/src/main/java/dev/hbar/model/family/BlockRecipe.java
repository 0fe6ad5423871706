package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.Residual;
import dev.hbar.model.layer.StateKind;
import java.util.Optional;

/** How one block is put together, with the names of its norms. */
sealed interface BlockRecipe
    permits BlockRecipe.Sequential,
        BlockRecipe.Parallel,
        FinishedBlockRecipe,
        BlockRecipe.OnlyTokens,
        BlockRecipe.OnlyChannels {
  /** The block at {@code layer}, such as {@code model.layers.3}. */
  DecoderBlock build(Parts parts, String layer);

  /** The part that looks at other tokens, if there is one. */
  Optional<MixerRecipe> tokens();

  /** What the layer keeps. */
  default StateKind state(DType dtype) {
    return tokens().map(mixer -> mixer.state(dtype)).orElse(StateKind.NOTHING);
  }

  /** The same with another token mixer of its kind, for blocks that have one. */
  BlockRecipe with(MixerRecipe mixer);

  /**
   * The names of the norms around one half; empty where there is none.
   *
   * @param before of what the half reads
   * @param after of what it gives
   */
  record NormNames(Optional<String> before, Optional<String> after) {
    static NormNames before(String name) {
      return new NormNames(Optional.of(name), Optional.empty());
    }

    static NormNames after(String name) {
      return new NormNames(Optional.empty(), Optional.of(name));
    }

    static NormNames around(String before, String after) {
      return new NormNames(Optional.of(before), Optional.of(after));
    }

    private DecoderBlock.Norms build(Parts parts, String layer) {
      return new DecoderBlock.Norms(norm(parts, layer, before), norm(parts, layer, after));
    }

    private static Norm norm(Parts parts, String layer, Optional<String> name) {
      return name.map(given -> parts.norm(layer + "." + given, parts.config().hiddenSize()))
          .orElse(Norm.NONE);
    }
  }

  /** First tokens, then channels. */
  record Sequential(
      NormNames mixerNorms,
      MixerRecipe mixer,
      NormNames mlpNorms,
      ChannelRecipe mlp,
      Residual residual)
      implements BlockRecipe {
    /** With the norms of Llama: one before each half. */
    static Sequential plain(MixerRecipe mixer, ChannelRecipe mlp) {
      return new Sequential(
          NormNames.before("input_layernorm"),
          mixer,
          NormNames.before("post_attention_layernorm"),
          mlp,
          Residual.PLAIN);
    }

    /** The same, added to the stream in another way. */
    Sequential with(Residual other) {
      return new Sequential(mixerNorms, mixer, mlpNorms, mlp, other);
    }

    @Override
    public DecoderBlock build(Parts parts, String layer) {
      return new DecoderBlock.Sequential(
          mixerNorms.build(parts, layer),
          mixer.build(parts, layer),
          mlpNorms.build(parts, layer),
          mlp.build(parts, layer),
          residual);
    }

    @Override
    public Optional<MixerRecipe> tokens() {
      return Optional.of(mixer);
    }

    @Override
    public BlockRecipe with(MixerRecipe other) {
      return new Sequential(mixerNorms, other, mlpNorms, mlp, residual);
    }
  }

  /**
   * Both halves of the same stream at once.
   *
   * @param mlpNorm empty where both read the same normed stream
   */
  record Parallel(String norm, MixerRecipe mixer, Optional<String> mlpNorm, ChannelRecipe mlp)
      implements BlockRecipe {
    @Override
    public DecoderBlock build(Parts parts, String layer) {
      int hidden = parts.config().hiddenSize();
      Norm first = parts.norm(layer + "." + norm, hidden);
      Norm second = mlpNorm.map(name -> parts.norm(layer + "." + name, hidden)).orElse(first);
      return new DecoderBlock.Parallel(
          first, mixer.build(parts, layer), second, mlp.build(parts, layer));
    }

    @Override
    public Optional<MixerRecipe> tokens() {
      return Optional.of(mixer);
    }

    @Override
    public BlockRecipe with(MixerRecipe other) {
      return new Parallel(norm, other, mlpNorm, mlp);
    }
  }

  /** A token mixer behind a norm and nothing else. */
  record OnlyTokens(String norm, MixerRecipe mixer) implements BlockRecipe {
    @Override
    public DecoderBlock build(Parts parts, String layer) {
      Norm before = parts.norm(layer + "." + norm, parts.config().hiddenSize());
      return new DecoderBlock.OnlyTokens(before, mixer.build(parts, layer));
    }

    @Override
    public Optional<MixerRecipe> tokens() {
      return Optional.of(mixer);
    }

    @Override
    public BlockRecipe with(MixerRecipe other) {
      return new OnlyTokens(norm, other);
    }
  }

  /** A channel mixer behind a norm and nothing else; such a layer keeps nothing. */
  record OnlyChannels(String norm, ChannelRecipe mlp) implements BlockRecipe {
    @Override
    public DecoderBlock build(Parts parts, String layer) {
      Norm before = parts.norm(layer + "." + norm, parts.config().hiddenSize());
      return new DecoderBlock.OnlyChannels(before, mlp.build(parts, layer));
    }

    @Override
    public Optional<MixerRecipe> tokens() {
      return Optional.empty();
    }

    @Override
    public BlockRecipe with(MixerRecipe other) {
      return this;
    }
  }
}
