package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.ServedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * OpenAI's {@code /v1/embeddings}: the mean of one block's states over the tokens of a text. A
 * language model is no embedding model; the answer says which block was taken.
 */
public final class Embeddings implements Endpoint {
  private final Engine engine;

  /** Answers with the models of an engine. */
  public Embeddings(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    fields.refuse("is not supported: the width is the model's", "dimensions");
    List<String> texts = fields.texts("input");
    if (texts.isEmpty() || texts.contains("")) {
      throw fields.wrong("input", "must be a text, or a list of texts, none of them empty");
    }
    String format = fields.text("encoding_format").orElse("float");
    if (!format.equals("float") && !format.equals("base64")) {
      throw fields.wrong("encoding_format", "must be float or base64: " + format);
    }
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          int layers = model.model().config().layers();
          int block = fields.integer("block", 0, layers - 1).orElse(layers - 1);
          reply.json(embedded(model, texts, block, format.equals("base64")));
          return true;
        });
  }

  private ObjectNode embedded(ServedModel model, List<String> texts, int block, boolean packed) {
    CapturePoint point = new CapturePoint.BlockOutput(block);
    ObjectNode body = OpenAi.JSON.objectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    int tokens = 0;
    for (String text : texts) {
      int length = model.model().tokenizer().encode(text).length;
      tokens += length;
      engine.load(model, length, GenerationSettings.builder().maxTokens(1).build());
      float[] mean = mean(model.model().hiddenStates(text, List.of(point)).get(point.label()));
      ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      if (packed) {
        entry.put("embedding", base64(mean));
      } else {
        ArrayNode numbers = entry.putArray("embedding");
        for (float value : mean) {
          numbers.add(value);
        }
      }
    }
    body.put("model", model.name());
    body.put("pooling", "mean over the tokens of " + point.label());
    body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return body;
  }

  private static float[] mean(float[][] states) {
    float[] mean = new float[states[0].length];
    for (int d = 0; d < mean.length; d++) {
      double sum = 0;
      for (float[] state : states) {
        sum += state[d];
      }
      mean[d] = (float) (sum / states.length);
    }
    return mean;
  }

  private static String base64(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
