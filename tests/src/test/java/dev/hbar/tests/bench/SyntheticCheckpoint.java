package dev.hbar.tests.bench;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorSource;
import dev.hbar.mlx.safetensors.TensorToWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A random 4-bit checkpoint of Llama-3.2-3B's width, as many layers as fill the wanted size, in
 * shards with an index: for measuring how fast and in how much memory it loads.
 */
public final class SyntheticCheckpoint {
  private static final int HIDDEN = 3072;
  private static final int INNER = 8192;
  private static final int KEYS = 1024;
  private static final int VOCABULARY = 128256;
  private static final int GROUP = 64;
  private static final int SHARDS = 4;
  private static final int CHUNK_BYTES = 1 << 20;

  private final List<TensorToWrite> tensors = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(7);

  private SyntheticCheckpoint() {}

  /** Arguments: the folder, and the least size of the weights in bytes. */
  public static void main(String[] arguments) throws IOException {
    SyntheticCheckpoint made = new SyntheticCheckpoint();
    made.matrix("model.embed_tokens", VOCABULARY, HIDDEN);
    made.norm("model.norm");
    int layers = 0;
    while (layers == 0 || bytes(made.tensors) < Long.parseLong(arguments[1])) {
      made.layer("model.layers." + layers++);
    }
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    made.writeShards(folder);
    Files.writeString(folder.resolve("config.json"), config(layers));
  }

  private void layer(String path) {
    matrix(path + ".self_attn.q_proj", HIDDEN, HIDDEN);
    matrix(path + ".self_attn.k_proj", KEYS, HIDDEN);
    matrix(path + ".self_attn.v_proj", KEYS, HIDDEN);
    matrix(path + ".self_attn.o_proj", HIDDEN, HIDDEN);
    matrix(path + ".mlp.gate_proj", INNER, HIDDEN);
    matrix(path + ".mlp.up_proj", INNER, HIDDEN);
    matrix(path + ".mlp.down_proj", HIDDEN, INNER);
    norm(path + ".input_layernorm");
    norm(path + ".post_attention_layernorm");
  }

  /** Codes 0 to 15 with a scale near 0.01 and a bias near -7.5 scales: weights around zero. */
  private void matrix(String path, int rows, int columns) {
    int groups = columns / GROUP;
    add(path + ".weight", DType.UINT32, List.of(rows, columns / 8), this::anything);
    add(path + ".scales", DType.FLOAT16, List.of(rows, groups), () -> (short) 0x2100);
    add(path + ".biases", DType.FLOAT16, List.of(rows, groups), () -> (short) 0xACB0);
  }

  private void norm(String path) {
    add(path + ".weight", DType.FLOAT16, List.of(HIDDEN), () -> (short) 0x3C00);
  }

  private short anything() {
    return (short) random.nextInt();
  }

  @FunctionalInterface
  private interface Shorts {
    short next();
  }

  private void add(String name, DType dtype, List<Integer> shape, Shorts values) {
    long bytes =
        shape.stream().mapToLong(Integer::longValue).reduce(dtype.itemSize(), Math::multiplyExact);
    TensorSource source =
        channel -> {
          ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
          for (long left = bytes; left > 0; left -= chunk.limit()) {
            chunk.clear().limit((int) Math.min(left, CHUNK_BYTES));
            while (chunk.hasRemaining()) {
              chunk.putShort(Short.reverseBytes(values.next()));
            }
            channel.write(chunk.flip());
          }
        };
    tensors.add(new TensorToWrite(name, dtype, shape, source));
  }

  private static long bytes(List<TensorToWrite> tensors) {
    return tensors.stream().mapToLong(TensorToWrite::byteSize).sum();
  }

  private void writeShards(Path folder) throws IOException {
    long share = Math.ceilDiv(bytes(tensors), SHARDS);
    Map<Integer, List<TensorToWrite>> shards = new TreeMap<>();
    long before = 0;
    for (TensorToWrite tensor : tensors) {
      shards.computeIfAbsent((int) (before / share), shard -> new ArrayList<>()).add(tensor);
      before += tensor.byteSize();
    }
    Map<String, String> shardOf = new TreeMap<>();
    int number = 0;
    for (List<TensorToWrite> shard : shards.values()) {
      String name = "model-%05d-of-%05d.safetensors".formatted(++number, shards.size());
      SafetensorsWriter.write(folder.resolve(name), Map.of("format", "mlx"), shard);
      shard.forEach(tensor -> shardOf.put(tensor.name(), name));
    }
    String map =
        shardOf.entrySet().stream()
            .map(entry -> "\"%s\": \"%s\"".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(",\n"));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + map + "}}\n");
  }

  private static String config(int layers) {
    return """
    {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
     "num_attention_heads": 24, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": %d,
     "max_position_embeddings": 8192, "rms_norm_eps": 1e-05, "rope_theta": 500000.0,
     "tie_word_embeddings": true, "torch_dtype": "float16",
     "quantization": {"group_size": %d, "bits": 4, "mode": "affine"}}
    """
        .formatted(HIDDEN, INNER, layers, VOCABULARY, GROUP);
  }
}
