package dev.hbar.tests;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A tiny float32 checkpoint of any family, its tensors random and named as published ones name
 * them: for what must hold whatever the weights are.
 *
 * @param fields of config.json, in place of or beside the usual ones: JSON with single quotes
 */
record RandomCheckpoint(String family, String fields) implements TinyModel {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();
  private static final int VOCABULARY = 320;
  private static final int HIDDEN = 32;
  private static final int INNER = 48;
  private static final int LAYERS = 3;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = 16;

  /** Large enough that attention is not uniform. */
  private static final float GAIN = 3f;

  /** Writes the folder and loads float32 weights from it. Owner thread. */
  @Override
  public CausalLm load(Path folder, MaskChoice masks) throws IOException {
    JSON.writeValue(folder.resolve("config.json").toFile(), config());
    List<TensorToWrite> tensors = shapes().entrySet().stream().map(e -> random(e)).toList();
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
    Compute dense = new Compute(WeightForm.DENSE, DType.FLOAT32);
    return ModelLoader.of(CheckpointDirectory.of(folder)).load(new LoadOptions(dense, masks));
  }

  /** Puts a tokenizer of the pieces that the model knows beside it. */
  static void writeTokenizer(Path folder) throws IOException {
    Path whole =
        Path.of(
            System.getProperty("hbar.root"),
            "adapters/src/test/resources/tokenizer/byte_level/tokenizer.json");
    ObjectNode file = (ObjectNode) JSON.readTree(whole.toFile());
    JsonNode vocabulary = file.path("model").path("vocab");
    vocabulary.properties().removeIf(piece -> piece.getValue().asInt() >= VOCABULARY);
    removeIf((ArrayNode) file.get("added_tokens"), t -> t.get("id").asInt() >= VOCABULARY);
    removeIf(
        (ArrayNode) file.path("model").path("merges"),
        merge -> !vocabulary.has(merge.get(0).asText() + merge.get(1).asText()));
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), file);
  }

  private static void removeIf(ArrayNode nodes, Predicate<JsonNode> unwanted) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (unwanted.test(nodes.get(i))) {
        nodes.remove(i);
      }
    }
  }

  private Map<String, Object> config() throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", family);
    config.put("vocab_size", VOCABULARY);
    config.put("hidden_size", HIDDEN);
    config.put("intermediate_size", INNER);
    config.put("num_hidden_layers", LAYERS);
    config.put("num_attention_heads", HEADS);
    config.put("num_key_value_heads", KV_HEADS);
    config.put("head_dim", HEAD_DIM);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("max_position_embeddings", 512);
    config.put("tie_word_embeddings", true);
    config.putAll(JSON.readValue(fields, new TypeReference<Map<String, Object>>() {}));
    return config;
  }

  private Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", List.of(VOCABULARY, HIDDEN));
    shapes.put("model.norm.weight", List.of(HIDDEN));
    for (int layer = 0; layer < LAYERS; layer++) {
      String path = "model.layers." + layer;
      shapes.put(path + ".input_layernorm.weight", List.of(HIDDEN));
      shapes.put(path + ".post_attention_layernorm.weight", List.of(HIDDEN));
      shapes.put(path + ".self_attn.o_proj.weight", List.of(HIDDEN, HEADS * HEAD_DIM));
      shapes.put(path + ".mlp.down_proj.weight", List.of(HIDDEN, INNER));
      addInputProjections(shapes, path);
    }
    return shapes;
  }

  private void addInputProjections(Map<String, List<Integer>> shapes, String path) {
    int queries = HEADS * HEAD_DIM;
    int keys = KV_HEADS * HEAD_DIM;
    if (family.equals("phi3")) {
      shapes.put(path + ".self_attn.qkv_proj.weight", List.of(queries + 2 * keys, HIDDEN));
      shapes.put(path + ".mlp.gate_up_proj.weight", List.of(2 * INNER, HIDDEN));
      return;
    }
    shapes.put(path + ".mlp.gate_proj.weight", List.of(INNER, HIDDEN));
    shapes.put(path + ".mlp.up_proj.weight", List.of(INNER, HIDDEN));
    Map<String, Integer> rows = Map.of("q_proj", queries, "k_proj", keys, "v_proj", keys);
    rows.forEach(
        (name, count) -> {
          shapes.put(path + ".self_attn." + name + ".weight", List.of(count, HIDDEN));
          if (family.equals("qwen2")) {
            shapes.put(path + ".self_attn." + name + ".bias", List.of(count));
          }
        });
    if (family.equals("qwen3")) {
      shapes.put(path + ".self_attn.q_norm.weight", List.of(HEAD_DIM));
      shapes.put(path + ".self_attn.k_norm.weight", List.of(HEAD_DIM));
    }
  }

  /** Vectors near 1, matrices of the size that keeps a state's scale; seeded by the name. */
  private static TensorToWrite random(Map.Entry<String, List<Integer>> tensor) {
    List<Integer> shape = tensor.getValue();
    int elements = shape.stream().reduce(1, Math::multiplyExact);
    Random random = new Random(tensor.getKey().hashCode());
    ByteBuffer bytes = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    float scale = shape.size() == 1 ? 0.1f : GAIN / (float) Math.sqrt(shape.getLast());
    float centre = tensor.getKey().endsWith("norm.weight") ? 1f : 0f;
    for (int i = 0; i < elements; i++) {
      bytes.putFloat(centre + scale * (float) random.nextGaussian());
    }
    return new TensorToWrite(
        tensor.getKey(), DType.FLOAT32, shape, channel -> channel.write(bytes.flip()));
  }
}
