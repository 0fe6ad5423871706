package dev.hbar.model.family;

import dev.hbar.mlx.MlxGroup;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.Shares;
import dev.hbar.model.checkpoint.Shares.Cut;
import dev.hbar.model.layer.AttentionShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model spread over processes: each has some heads of every attention, with their keys and
 * values, and a share of the width of every MLP and of every expert; two sums a block bring the
 * answers together. Embedding, norms, routers and head are whole everywhere, so all processes
 * compute the same logits.
 *
 * <p>Experts are cut like MLPs, not dealt out whole: so each process reads as much for every token,
 * whichever experts the router chooses.
 */
final class TensorParallel {
  private final ModelConfig config;
  private final MlxGroup group;
  private final Map<String, Cut> cuts = new HashMap<>();

  /** One model of the group. */
  TensorParallel(ModelConfig config, MlxGroup group) {
    this.config = config;
    this.group = group;
  }

  /**
   * This process's part of a decoder.
   *
   * @throws CheckpointException naming what cannot be shared
   */
  DecoderRecipe part(DecoderRecipe whole) {
    if (whole.layerInputs().isPresent()) {
      throw refused();
    }
    List<BlockRecipe> blocks = new ArrayList<>();
    for (BlockRecipe block : whole.blocks()) {
      blocks.add(part(block, whole.names().layers() + "." + blocks.size() + "."));
    }
    return new DecoderRecipe(
        whole.names(),
        whole.norm(),
        blocks,
        whole.embeddingScale(),
        whole.logits(),
        Optional.empty());
  }

  /** What this process loads for the parts that were asked for. */
  Shares shares() {
    return new Shares(group.rank(), group.size(), cuts);
  }

  private BlockRecipe part(BlockRecipe block, String layer) {
    return switch (block) {
      case BlockRecipe.Sequential both ->
          new BlockRecipe.Sequential(
              both.mixerNorms(),
              summed(both.mixer(), layer),
              both.mlpNorms(),
              summed(both.mlp(), layer),
              both.residual());
      case BlockRecipe.Parallel both ->
          new BlockRecipe.Parallel(
              both.norm(), summed(both.mixer(), layer), both.mlpNorm(), summed(both.mlp(), layer));
      default -> throw refused();
    };
  }

  private MixerRecipe summed(MixerRecipe mixer, String layer) {
    if (!(mixer instanceof AttentionRecipe attention) || attention.scores().sinks()) {
      throw refused();
    }
    return new SummedMixerRecipe(heads(attention, layer + attention.names().path() + "."), group);
  }

  private AttentionRecipe heads(AttentionRecipe whole, String own) {
    HeadNormsRecipe norms = whole.norms();
    if (!norms.isAfterRope() && norms != HeadNormsRecipe.EACH_HEAD) {
      throw refused();
    }
    AttentionShape shape = whole.shape();
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    AttentionNames names = whole.names();
    switch (whole.projection()) {
      case FUSED -> rows(own + names.fused(), queries, keys, keys);
      case GROUPED -> rows(own + names.fused(), queries + 2 * keys);
      case GATED -> apart(own, names, 2 * queries, keys);
      case APART -> apart(own, names, queries, keys);
    }
    cuts.put(own + names.output(), new Cut.Columns());
    return whole.withShape(
        new AttentionShape(
            share(shape.heads(), "num_attention_heads"),
            share(shape.kvHeads(), "num_key_value_heads"),
            shape.headDim(),
            shape.scale()));
  }

  private void apart(String own, AttentionNames names, int queries, int keys) {
    rows(own + names.query(), queries);
    rows(own + names.key(), keys);
    rows(own + names.value(), keys);
  }

  private ChannelRecipe summed(ChannelRecipe mlp, String layer) {
    return new SummedChannelRecipe(narrow(mlp, layer), group);
  }

  private ChannelRecipe narrow(ChannelRecipe mlp, String layer) {
    return switch (mlp) {
      case MlpRecipe dense -> narrow(dense, layer);
      case ExpertsRecipe experts -> narrow(experts, layer);
      case EitherRecipe either ->
          new EitherRecipe(
              either.sign(), narrow(either.present(), layer), narrow(either.absent(), layer));
      case DenseBesideExpertsRecipe beside -> throw refused();
      case SummedChannelRecipe summed -> throw refused();
    };
  }

  private MlpRecipe narrow(MlpRecipe whole, String layer) {
    String own = layer + whole.path() + ".";
    MlpRecipe.Names names = whole.names();
    if (whole.fused()) {
      rows(own + names.fused(), whole.inner(), whole.inner());
    } else {
      rows(own + names.gate(), whole.inner());
      rows(own + names.up(), whole.inner());
    }
    cuts.put(own + names.down(), new Cut.Columns());
    return whole.withInner(share(whole.inner(), "intermediate_size"));
  }

  private ExpertsRecipe narrow(ExpertsRecipe whole, String layer) {
    if (whole.bias()) {
      // Every process would add the bias of the experts that it has a share of.
      throw refused();
    }
    String own = layer + whole.path() + ".";
    ExpertsRecipe.Names names = whole.names();
    stack(own + names.stacked(), List.of("gate_proj", "up_proj", "down_proj"), whole.inner());
    stack(own + names.stacked(), List.of("fc1", "fc1", "fc2"), whole.inner());
    for (int expert = 0; expert < whole.count(); expert++) {
      stack(own + names.single() + "." + expert, names.projections(), whole.inner());
    }
    return whole.narrowed(
        share(whole.inner(), "moe_intermediate_size"),
        whole.shared().map(one -> new ExpertsRecipe.Shared(narrow(one.mlp(), layer), one.gate())));
  }

  private void stack(String path, List<String> gateUpDown, int inner) {
    rows(path + "." + gateUpDown.get(0), inner);
    rows(path + "." + gateUpDown.get(1), inner);
    cuts.put(path + "." + gateUpDown.get(2), new Cut.Columns());
  }

  private void rows(String path, Integer... sections) {
    cuts.put(path, new Cut.Rows(List.of(sections)));
  }

  private int share(int count, String field) {
    if (count % group.size() != 0) {
      throw CheckpointException.inField(
          config.file(),
          field,
          "%s of them cannot be shared by %s ranks".formatted(count, group.size()),
          "start a number of ranks that divides it");
    }
    return count / group.size();
  }

  private CheckpointException refused() {
    return CheckpointException.inField(
        config.file(),
        "model_type",
        config.modelType() + " cannot be spread over ranks yet",
        "run it in one process, or spread samples instead");
  }
}
