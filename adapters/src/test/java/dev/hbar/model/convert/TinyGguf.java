package dev.hbar.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A complete Llama of one block with random weights: hidden 64, two heads of 32, one key head, MLP
 * 96.
 */
final class TinyGguf {

  static final int HIDDEN = 64;
  static final int HEAD_DIM = 32;
  static final int MLP = 96;
  static final int F32 = 0;
  static final int F16 = 1;
  static final int Q4_0 = 2;
  static final int Q4_1 = 3;
  static final int Q8_0 = 8;

  /** The tokenizer of the test resources: pieces by id, merges, and which pieces are special. */
  record Vocabulary(List<String> pieces, List<String> merges, List<Integer> types) {}

  private TinyGguf() {}

  /** A sound file in the layout of published 4-bit files: Q4_1 with a Q8_0 embedding, tied. */
  static GgufBytes quantized() throws IOException {
    return metadata(weights(new GgufBytes(), Q4_1, Q8_0));
  }

  /** The same model with one type for all matrices. */
  static GgufBytes of(int type) throws IOException {
    return metadata(weights(new GgufBytes(), type, type));
  }

  static Vocabulary vocabulary() throws IOException {
    JsonNode root;
    try (InputStream in =
        TinyGguf.class.getResourceAsStream("/tokenizer/byte_level/tokenizer.json")) {
      root = new ObjectMapper().readTree(in);
    }
    JsonNode vocab = root.at("/model/vocab");
    int size = vocab.size() + 1;
    List<String> pieces = new ArrayList<>(Collections.nCopies(size, ""));
    List<Integer> types = new ArrayList<>(Collections.nCopies(size, 1));
    vocab.properties().forEach(entry -> pieces.set(entry.getValue().asInt(), entry.getKey()));
    for (JsonNode added : root.get("added_tokens")) {
      pieces.set(added.get("id").asInt(), added.get("content").asText());
      types.set(added.get("id").asInt(), added.get("special").asBoolean() ? 3 : 4);
    }
    List<String> merges = new ArrayList<>();
    root.at("/model/merges").forEach(m -> merges.add(m.get(0).asText() + " " + m.get(1).asText()));
    return new Vocabulary(pieces, merges, types);
  }

  private static GgufBytes metadata(GgufBytes bytes) throws IOException {
    Vocabulary vocabulary = vocabulary();
    return bytes
        .text("general.architecture", "llama")
        .u32("llama.block_count", 1)
        .u32("llama.context_length", 128)
        .u32("llama.embedding_length", HIDDEN)
        .u32("llama.feed_forward_length", MLP)
        .u32("llama.attention.head_count", 2)
        .u32("llama.attention.head_count_kv", 1)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .f32("llama.rope.freq_base", 10000f)
        .u32("llama.rope.dimension_count", HEAD_DIM)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "smollm")
        .texts("tokenizer.ggml.tokens", vocabulary.pieces())
        .texts("tokenizer.ggml.merges", vocabulary.merges())
        .i32s("tokenizer.ggml.token_type", vocabulary.types())
        .u32("tokenizer.ggml.bos_token_id", 1)
        .u32("tokenizer.ggml.eos_token_id", 2)
        .flag("tokenizer.ggml.add_bos_token", false)
        .text("tokenizer.chat_template", "{{ messages[0].content }}{{ eos_token }}");
  }

  private static GgufBytes weights(GgufBytes bytes, int type, int embeddingType)
      throws IOException {
    Random random = new Random(11);
    int rows = vocabulary().pieces().size();
    bytes.tensor(
        "token_embd.weight",
        embeddingType,
        data(random, embeddingType, HIDDEN * rows),
        HIDDEN,
        rows);
    matrix(bytes, random, type, "attn_q", HIDDEN, HIDDEN);
    matrix(bytes, random, type, "attn_k", HIDDEN, HEAD_DIM);
    matrix(bytes, random, type, "attn_v", HIDDEN, HEAD_DIM);
    matrix(bytes, random, type, "attn_output", HIDDEN, HIDDEN);
    matrix(bytes, random, type, "ffn_gate", HIDDEN, MLP);
    matrix(bytes, random, type, "ffn_up", HIDDEN, MLP);
    matrix(bytes, random, type, "ffn_down", MLP, HIDDEN);
    for (String norm :
        List.of("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight")) {
      bytes.tensor(norm, F32, data(random, F32, HIDDEN), HIDDEN);
    }
    return bytes;
  }

  private static void matrix(
      GgufBytes bytes, Random random, int type, String part, int columns, int rows) {
    bytes.tensor(
        "blk.0." + part + ".weight", type, data(random, type, columns * rows), columns, rows);
  }

  /** Random elements; scales and minima of blocks are finite numbers of usual size. */
  static byte[] data(Random random, int type, int elements) {
    GgmlType kind = GgmlType.of(type).orElseThrow();
    int blocks = elements / kind.blockElements();
    ByteBuffer out = ByteBuffer.allocate(blocks * kind.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < blocks; i++) {
      switch (type) {
        case F32 -> out.putFloat((float) random.nextGaussian());
        case F16 -> out.putShort(half(random));
        default -> {
          byte[] quants = new byte[type == Q8_0 ? 32 : 16];
          random.nextBytes(quants);
          out.putShort(half(random));
          if (type == Q4_1) {
            out.putShort(half(random));
          }
          out.put(quants);
        }
      }
    }
    return out.array();
  }

  private static short half(Random random) {
    return Float.floatToFloat16((float) random.nextGaussian() * 0.05f);
  }
}
