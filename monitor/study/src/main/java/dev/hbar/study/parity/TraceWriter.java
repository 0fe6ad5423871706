package dev.hbar.study.parity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes a trace as DIR/trace.safetensors and DIR/trace.json, each complete or not at all. */
public final class TraceWriter {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private TraceWriter() {}

  /**
   * tokens int32 [steps]; logits, blocks, final_norm float32; the JSON has the prompt and the
   * signals. With named states also the prompt, int32 [P], and each state as {@code point.NAME}.
   */
  public static void write(
      Trace trace, List<PointState> states, Map<String, String> metadata, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    List<TraceStep> steps = trace.steps();
    int count = steps.size();
    int hidden = steps.getFirst().finalNorm().length;
    List<TensorToWrite> tensors = new ArrayList<>();
    tensors.add(
        floats("logits", steps, TraceStep::logits, count, steps.getFirst().logits().length));
    tensors.add(floats("blocks", steps, TraceStep::blocks, count, trace.layers(), hidden));
    tensors.add(floats("final_norm", steps, TraceStep::finalNorm, count, hidden));
    tensors.add(ints("tokens", steps.stream().mapToInt(step -> step.signals().token()).toArray()));
    if (!states.isEmpty()) {
      tensors.add(ints("prompt", trace.prompt()));
      states.forEach(state -> tensors.add(point(state)));
    }
    SafetensorsWriter.write(folder.resolve("trace.safetensors"), metadata, tensors);
    writeJson(trace, folder.resolve("trace.json"));
  }

  private static TensorToWrite point(PointState state) {
    return new TensorToWrite(
        "point." + state.point().label(),
        DType.FLOAT32,
        boxed(state.shape()),
        channel -> channel.write(littleEndian(state.values())));
  }

  private static TensorToWrite floats(
      String name, List<TraceStep> steps, Function<TraceStep, float[]> part, int... shape) {
    return new TensorToWrite(
        name,
        DType.FLOAT32,
        boxed(shape),
        channel -> {
          for (TraceStep step : steps) {
            channel.write(littleEndian(part.apply(step)));
          }
        });
  }

  private static TensorToWrite ints(String name, int[] values) {
    return new TensorToWrite(
        name,
        DType.INT32,
        boxed(values.length),
        channel -> {
          ByteBuffer bytes = littleEndian(values.length);
          bytes.asIntBuffer().put(values);
          channel.write(bytes);
        });
  }

  private static ByteBuffer littleEndian(float[] values) {
    ByteBuffer bytes = littleEndian(values.length);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer littleEndian(int values) {
    return ByteBuffer.allocate(Math.multiplyExact(4, values)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Integer> boxed(int... shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  private static void writeJson(Trace trace, Path file) throws IOException {
    List<TokenSignals> signals = trace.steps().stream().map(TraceStep::signals).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("prompt", trace.prompt());
    json.put("steps", signals);
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(temporary, JSON.writeValueAsBytes(json));
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
