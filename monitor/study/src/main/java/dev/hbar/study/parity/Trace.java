package dev.hbar.study.parity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.io.WholeFile;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A greedy generation with every state that a comparison may need.
 *
 * @param prompt token ids
 * @param layers number of blocks
 */
public record Trace(int[] prompt, int layers, List<Step> steps) {

  /**
   * The states behind one generated token, in float32.
   *
   * @param logits [vocabulary]
   * @param blocks [layers * hidden], raw block outputs at the last position
   * @param finalNorm [hidden], the state after the final norm
   */
  public record Step(TokenSignals signals, float[] logits, float[] blocks, float[] finalNorm) {}

  /**
   * Generates greedily and keeps all states. Owner thread.
   *
   * @param steps most tokens to generate
   * @param ignoreEos whether to continue after an end-of-sequence token
   */
  public static Trace of(CausalLm model, int[] prompt, int steps, boolean ignoreEos) {
    Probe probe =
        new Probe(model.layers(), model.config().vocabSize(), model.config().hiddenSize());
    List<Step> traced = new ArrayList<>();
    try (MlxScope run = model.openRun("trace")) {
      KvCache cache = model.newCache(run, new SequenceLength(prompt.length));
      List<int[]> rest = new Prefill(model, run).allButLastPiece(cache, List.of(prompt));
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, 0)) {
        var step = decoder.start(rest);
        while (true) {
          int token = step.tokens()[0];
          traced.add(probe.split(token, step.measured()[0], Signal.ALPHA));
          boolean ended = model.config().eosTokenIds().contains(token) && !ignoreEos;
          if (traced.size() == steps || ended) {
            return new Trace(prompt, model.layers(), traced);
          }
          step = decoder.next();
        }
      }
    }
  }

  /**
   * Joins the signals, the logits, all block outputs and the final norm of a step in one row of
   * float32.
   */
  private static final class Probe implements StepProbe {
    private final SignalProbe signals;
    private final int layers;
    private final int vocabulary;
    private final int hidden;

    Probe(int layers, int vocabulary, int hidden) {
      this.signals = new SignalProbe(layers);
      this.layers = layers;
      this.vocabulary = vocabulary;
      this.hidden = hidden;
    }

    @Override
    public CaptureRequest request() {
      return signals.request().and(new CapturePoint.FinalNorm());
    }

    @Override
    public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
      MlxOps ops = step.ops();
      MlxArray measured = signals.measure(step, forward, tokens);
      MlxArray blocks = ops.astype(forward.captured().blocks(step, layers), DType.FLOAT32);
      MlxArray norm =
          ops.astype(forward.captured().get(new CapturePoint.FinalNorm()), DType.FLOAT32);
      return ops.concatenate(
          1, measured, forward.logits(), ops.reshape(blocks, tokens.dim(0), layers * hidden), norm);
    }

    @Override
    public void retain(MlxScope step, MlxArray rows) {
      signals.retain(step, rows);
    }

    /** Splits a row into the parts that {@link #measure} joined. */
    Step split(int token, float[] row, double alpha) {
      int logits = signals.width();
      int blocks = logits + vocabulary;
      int norm = blocks + layers * hidden;
      return new Step(
          signals.signals(token, row, alpha),
          Arrays.copyOfRange(row, logits, blocks),
          Arrays.copyOfRange(row, blocks, norm),
          Arrays.copyOfRange(row, norm, norm + hidden));
    }
  }

  /**
   * Writes a trace as {@code trace.safetensors} and {@code trace.json}. The first can be read as a
   * {@link ReferenceFile}: its layout and metadata are those of scripts/reference/layout.py.
   */
  public static final class Writer {
    private static final ObjectMapper JSON =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, String> metadata = new TreeMap<>();
    private List<PromptPass.State> states = List.of();

    /**
     * A trace file without content.
     *
     * @param checkpoint its name
     * @param dtype of the activations
     * @param prompt token ids
     */
    public Writer(String checkpoint, DType dtype, int[] prompt) {
      metadata.put("format", "hbar-reference-1");
      metadata.put("engine", "hbar");
      metadata.put("checkpoint", checkpoint);
      metadata.put("dtype", dtype.name().toLowerCase(Locale.ROOT));
      metadata.put("rope_reference", "transformers");
      metadata.put("positions", "none");
      metadata.put("points", "");
      metadata.put(
          "prompt_ids",
          Arrays.stream(prompt).mapToObj(String::valueOf).collect(Collectors.joining(",")));
    }

    /** Adds an entry of the metadata, or replaces it. */
    public Writer with(String key, String value) {
      metadata.put(key, value);
      return this;
    }

    /** Adds states of the prompt's pass that were captured by a request. */
    public Writer with(CaptureRequest request, List<PromptPass.State> captured) {
      states = List.copyOf(captured);
      if (!states.isEmpty()) {
        metadata.put("positions", request.span().name().toLowerCase(Locale.ROOT));
        metadata.put(
            "points",
            states.stream().map(state -> state.point().label()).collect(Collectors.joining(",")));
      }
      return this;
    }

    /**
     * Writes both files, each complete or not at all. The tensors are tokens, int32 [steps], and
     * logits, blocks and final_norm, float32; the JSON has the prompt and the signals. With
     * captured states there are also the prompt, int32 [P], and each state as {@code point.NAME}.
     */
    public void write(Trace trace, Path folder) throws IOException {
      Files.createDirectories(folder);
      List<Trace.Step> steps = trace.steps();
      int count = steps.size();
      int hidden = steps.getFirst().finalNorm().length;
      List<TensorToWrite> tensors = new ArrayList<>();
      tensors.add(
          floats("logits", steps, Trace.Step::logits, count, steps.getFirst().logits().length));
      tensors.add(floats("blocks", steps, Trace.Step::blocks, count, trace.layers(), hidden));
      tensors.add(floats("final_norm", steps, Trace.Step::finalNorm, count, hidden));
      tensors.add(
          ints("tokens", steps.stream().mapToInt(step -> step.signals().token()).toArray()));
      if (!states.isEmpty()) {
        tensors.add(ints("prompt", trace.prompt()));
        states.forEach(state -> tensors.add(point(state)));
      }
      SafetensorsWriter.write(folder.resolve("trace.safetensors"), metadata, tensors);
      writeJson(trace, folder.resolve("trace.json"));
    }

    private static TensorToWrite point(PromptPass.State state) {
      return new TensorToWrite(
          "point." + state.point().label(),
          DType.FLOAT32,
          boxed(state.shape()),
          channel -> channel.write(littleEndian(state.values())));
    }

    private static TensorToWrite floats(
        String name, List<Trace.Step> steps, Function<Trace.Step, float[]> part, int... shape) {
      return new TensorToWrite(
          name,
          DType.FLOAT32,
          boxed(shape),
          channel -> {
            for (Trace.Step step : steps) {
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
      List<TokenSignals> signals = trace.steps().stream().map(Trace.Step::signals).toList();
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("prompt", trace.prompt());
      json.put("steps", signals);
      WholeFile.write(file, JSON.writeValueAsBytes(json));
    }
  }
}
