package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.HeadNorms;
import dev.hbar.model.layer.Norm;

/** Which norms queries and keys have. */
enum HeadNormsRecipe {
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
  TURNED,
  /** RMS norms without weights, after they have turned. */
  TURNED_WITHOUT_WEIGHT;

  /** Whether queries and keys turn as they were projected. */
  boolean isAfterRope() {
    return this == NONE || this == TURNED || this == TURNED_WITHOUT_WEIGHT;
  }

  /** The norms at the paths {@code query} and {@code key}. */
  HeadNorms build(Parts parts, String query, String key, AttentionShape shape) {
    int dim = shape.headDim();
    int heads = shape.heads();
    int kvHeads = shape.kvHeads();
    return switch (this) {
      case NONE -> HeadNorms.NONE;
      case EACH_HEAD -> new HeadNorms.Each(parts.norm(query, dim), parts.norm(key, dim));
      case TURNED -> new HeadNorms.Turned(parts.norm(query, dim), parts.norm(key, dim));
      case TURNED_WITHOUT_WEIGHT -> {
        double usual = parts.config().rmsNormEps();
        double eps = parts.config().fields().optionalNumber("qk_norm_eps").orElse(usual);
        yield new HeadNorms.Turned(parts.weightlessRms(dim, eps), parts.weightlessRms(dim, eps));
      }
      case WHOLE ->
          new HeadNorms.Whole(parts.norm(query, heads * dim), parts.norm(key, kvHeads * dim));
      case EACH_HEAD_ITS_OWN ->
          new HeadNorms.Each(
              ofHeads(parts, parts.weights().vector(query + ".weight", heads, dim), dim),
              ofHeads(parts, parts.weights().vector(key + ".weight", kvHeads, dim), dim));
      case EACH_HEAD_APART ->
          new HeadNorms.Each(
              ofHeads(parts, stacked(parts, query, heads, dim), dim),
              ofHeads(parts, stacked(parts, key, kvHeads, dim), dim));
    };
  }

  private static Norm ofHeads(Parts parts, MlxArray weight, int dim) {
    return parts.layerNormOfHeads(weight, dim);
  }

  private static MlxArray stacked(Parts parts, String path, int heads, int dim) {
    MlxArray[] each = new MlxArray[heads];
    for (int head = 0; head < heads; head++) {
      each[head] = parts.weights().vector(path + ".norms." + head + ".weight", dim);
    }
    return parts.model().ops().stack(0, each);
  }
}
