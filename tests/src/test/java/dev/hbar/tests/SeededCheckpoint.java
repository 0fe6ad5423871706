package dev.hbar.tests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A random Llama of four blocks in float32, with biases and square attention projections, in which
 * faults can be sown.
 */
final class SeededCheckpoint {
  static final int LAYERS = 4;
  static final int HIDDEN = 32;
  static final int VOCABULARY = 48;
  private static final int INNER = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Weight(int[] shape, float[] values) {}

  private final Random random = new Random(11);
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final ObjectNode config = JSON.createObjectNode();

  SeededCheckpoint() {
    config.put("model_type", "llama").put("vocab_size", VOCABULARY).put("hidden_size", HIDDEN);
    config.put("intermediate_size", INNER).put("num_hidden_layers", LAYERS);
    config.put("num_attention_heads", 4).put("num_key_value_heads", 4);
    config.put("rms_norm_eps", 1e-5).put("rope_theta", 10000.0);
    config.put("max_position_embeddings", 128).put("tie_word_embeddings", false);
    config.put("attention_bias", true).put("torch_dtype", "float32");
    rope(8);
    add("model.embed_tokens.weight", 1, VOCABULARY, HIDDEN);
    for (int block = 0; block < LAYERS; block++) {
      block("model.layers." + block + ".");
    }
    norm("model.norm.weight");
    add("lm_head.weight", 0.5, VOCABULARY, HIDDEN);
  }

  private void block(String path) {
    norm(path + "input_layernorm.weight");
    norm(path + "post_attention_layernorm.weight");
    for (String name : List.of("q", "k", "v", "o")) {
      add(path + "self_attn." + name + "_proj.weight", 0.3, HIDDEN, HIDDEN);
      add(path + "self_attn." + name + "_proj.bias", 0.3, HIDDEN);
    }
    add(path + "mlp.gate_proj.weight", 0.3, INNER, HIDDEN);
    add(path + "mlp.up_proj.weight", 0.3, INNER, HIDDEN);
    add(path + "mlp.down_proj.weight", 0.3, HIDDEN, INNER);
  }

  private void norm(String name) {
    add(name, 0.1, HIDDEN);
    edit(
        name,
        values -> {
          for (int i = 0; i < values.length; i++) {
            values[i]++;
          }
        });
  }

  private void add(String name, double scale, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    weights.put(name, new Weight(shape, values));
  }

  /** Changes the values of a weight in place. */
  SeededCheckpoint edit(String name, Consumer<float[]> change) {
    change.accept(weights.get(name).values());
    return this;
  }

  /** Transposes a square weight, which no shape check can see. */
  SeededCheckpoint transpose(String name) {
    return edit(
        name,
        values -> {
          float[] before = values.clone();
          for (int i = 0; i < values.length; i++) {
            values[i] = before[i % HIDDEN * HIDDEN + i / HIDDEN];
          }
        });
  }

  /** Mixes up the rows of the head. */
  SeededCheckpoint shuffleHead() {
    return edit(
        "lm_head.weight",
        values -> {
          float[] before = values.clone();
          for (int i = 0; i < values.length; i++) {
            values[i] = before[(i + 5 * HIDDEN) % values.length];
          }
        });
  }

  /** Another factor of the llama3 rope. */
  SeededCheckpoint rope(double factor) {
    config
        .putObject("rope_scaling")
        .put("rope_type", "llama3")
        .put("factor", factor)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", 16);
    return this;
  }

  /** Writes the folder. */
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("config.json").toFile(), config);
    List<TensorToWrite> tensors =
        weights.entrySet().stream().map(entry -> tensor(entry.getKey(), entry.getValue())).toList();
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
    return folder;
  }

  private static TensorToWrite tensor(String name, Weight weight) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * weight.values().length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weight.values());
    List<Integer> shape = Arrays.stream(weight.shape()).boxed().toList();
    return new TensorToWrite(name, DType.FLOAT32, shape, channel -> channel.write(bytes));
  }

  /** Loads a folder in a type. Owner thread. */
  static CausalLm load(Path folder, DType dtype) {
    return ModelLoader.of(CheckpointDirectory.of(folder))
        .load(new LoadOptions(new Compute(WeightForm.DENSE, dtype), MaskChoice.AUTO));
  }
}
