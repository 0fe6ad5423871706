package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checkpoint's config.json, validated: every number can be passed on to MLX. Names are those of
 * the file.
 *
 * @param file config.json, for messages
 * @param modelType which family the checkpoint belongs to
 * @param hiddenSize width of a block's input and output
 * @param intermediateSize width inside the MLP
 * @param layers number of blocks
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; divides {@code heads}
 * @param headDim width of one head, even
 * @param vocabSize rows of the embedding
 * @param rmsNormEps between 0 and 0.01, exclusive
 * @param maxPositionEmbeddings {@code max_position_embeddings}, see {@link #contextLength}
 * @param rotaryDim how many of a head's dimensions are rotated, even
 * @param rope how they are rotated
 * @param window what is said about sliding windows
 * @param tieWordEmbeddings whether the head is the embedding; transformers takes absence as false
 *     for the Llama, Qwen, Phi-3 and Mistral families
 * @param attentionBias {@code attention_bias}; Qwen2 has q, k and v biases without this field
 * @param mlpBias {@code mlp_bias}, false when absent
 * @param quantization numbers of packed layers; empty for a float checkpoint
 * @param dtype {@code torch_dtype} or {@code dtype}: what the floats were saved as
 * @param eosTokenIds any of them ends the text: those of generation_config.json, of config.json and
 *     the tokenizer's own; may be empty
 * @param bosTokenId {@code bos_token_id}
 * @param fields everything the file says of the text model, for what only one family asks for
 */
public record ModelConfig(
    Path file,
    String modelType,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocabSize,
    double rmsNormEps,
    int maxPositionEmbeddings,
    int rotaryDim,
    RopeConfig rope,
    WindowConfig window,
    Optional<Boolean> tieWordEmbeddings,
    Optional<Boolean> attentionBias,
    boolean mlpBias,
    Optional<QuantizationConfig> quantization,
    Optional<DType> dtype,
    List<Integer> eosTokenIds,
    OptionalInt bosTokenId,
    JsonFields fields) {
  /** Copies the list. */
  public ModelConfig {
    eosTokenIds = List.copyOf(eosTokenIds);
  }

  /** The same with another rope and other fields. */
  public ModelConfig with(RopeConfig otherRope, JsonFields others) {
    return new ModelConfig(
        file,
        modelType,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        kvHeads,
        headDim,
        vocabSize,
        rmsNormEps,
        maxPositionEmbeddings,
        rotaryDim,
        otherRope,
        window,
        tieWordEmbeddings,
        attentionBias,
        mlpBias,
        quantization,
        dtype,
        eosTokenIds,
        bosTokenId,
        others);
  }

  /** Longest context in tokens, prompt and new ones. */
  public int contextLength() {
    return rope.context(maxPositionEmbeddings);
  }
}
