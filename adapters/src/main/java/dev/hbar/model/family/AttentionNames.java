package dev.hbar.model.family;

/**
 * What the parts of an attention are called in the checkpoint.
 *
 * @param path of the attention in its layer
 * @param fused the projection that holds the rows of query, key and value
 */
record AttentionNames(
    String path,
    String query,
    String key,
    String value,
    String output,
    String fused,
    String queryNorm,
    String keyNorm) {
  static final AttentionNames USUAL =
      new AttentionNames(
          "self_attn", "q_proj", "k_proj", "v_proj", "o_proj", "qkv_proj", "q_norm", "k_norm");

  AttentionNames withNorms(String ofQuery, String ofKey) {
    return new AttentionNames(path, query, key, value, output, fused, ofQuery, ofKey);
  }

  AttentionNames withOutput(String other) {
    return new AttentionNames(path, query, key, value, other, fused, queryNorm, keyNorm);
  }

  AttentionNames withFused(String other) {
    return new AttentionNames(path, query, key, value, output, other, queryNorm, keyNorm);
  }

  AttentionNames at(String other) {
    return new AttentionNames(other, query, key, value, output, fused, queryNorm, keyNorm);
  }
}
