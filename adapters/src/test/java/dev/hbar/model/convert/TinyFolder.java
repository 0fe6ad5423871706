package dev.hbar.model.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A checkpoint folder with a config of one small layer and whatever tensors a test wants. */
final class TinyFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG =
      """
      {"model_type":"llama","hidden_size":64,"intermediate_size":96,"num_hidden_layers":1,
       "num_attention_heads":2,"vocab_size":40,"max_position_embeddings":128,
       "rms_norm_eps":1e-06,"rope_theta":500000.0,"tie_word_embeddings":true}""";

  private final ObjectNode config;
  private final Map<String, TensorToWrite> tensors = new LinkedHashMap<>();

  TinyFolder() throws IOException {
    config = (ObjectNode) JSON.readTree(CONFIG);
  }

  /** Sets fields of config.json. */
  TinyFolder config(String fields) throws IOException {
    config.setAll((ObjectNode) JSON.readTree(fields));
    return this;
  }

  TinyFolder tensor(String name, DType dtype, List<Integer> shape, byte[] data) {
    tensors.put(
        name,
        new TensorToWrite(name, dtype, shape, channel -> channel.write(ByteBuffer.wrap(data))));
    return this;
  }

  /** A float32 tensor of normal values. */
  TinyFolder random(String name, Integer... shape) {
    int elements = List.of(shape).stream().reduce(1, Math::multiplyExact);
    ByteBuffer data = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(name.hashCode());
    random.doubles(elements, -1, 1).forEach(value -> data.putFloat((float) value));
    return tensor(name, DType.FLOAT32, List.of(shape), data.array());
  }

  /** A few tensors of the model that the config describes. */
  static TinyFolder model() throws IOException {
    return new TinyFolder()
        .random("model.embed_tokens.weight", 40, 64)
        .random("model.layers.0.self_attn.q_proj.weight", 64, 64)
        .random("model.layers.0.mlp.down_proj.weight", 64, 96)
        .random("model.norm.weight", 64);
  }

  CheckpointDirectory write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config.toString());
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()));
    return CheckpointDirectory.of(folder);
  }
}
