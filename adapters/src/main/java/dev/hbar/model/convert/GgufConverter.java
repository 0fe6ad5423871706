package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes an MLX checkpoint folder out of a GGUF file, every weight kept exactly: config.json,
 * model.safetensors, tokenizer.json, tokenizer_config.json, generation_config.json and
 * hbar_convert.json, which names the source. Tensors are streamed, so memory does not grow with the
 * model.
 */
public final class GgufConverter {

  private final Path source;
  private final Consumer<ConvertProgress> progress;

  private GgufConverter(Path source, Consumer<ConvertProgress> progress) {
    this.source = source;
    this.progress = progress;
  }

  /**
   * Converts a file.
   *
   * @param source a GGUF file
   * @param target the folder to make; it may exist when it is empty or holds the result for this
   *     very source
   * @param progress told on the calling thread, before the hash and before each tensor
   * @throws CheckpointException if the source cannot be converted or the target is taken; nothing
   *     is left behind
   * @throws dev.hbar.mlx.MlxFileException if the weights cannot be written
   */
  public static ConvertResult convert(
      Path source, Path target, Consumer<ConvertProgress> progress) {
    try {
      return new GgufConverter(source, progress).convert(target);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot convert %s to %s (%s): check space and permissions"
              .formatted(source, target, ErrorText.reason(e)),
          e);
    }
  }

  private ConvertResult convert(Path target) throws IOException {
    GgufFile file = GgufReader.read(source);
    requireWhole(file);
    LlamaKeys keys = LlamaKeys.read(file.metadata());
    TensorPlan plan = TensorPlan.of(file, keys);
    GgufTokenizer tokenizer = GgufTokenizer.read(file.metadata(), plan.vocabularySize());
    Optional<Map<String, Object>> rope =
        file.tensor(LlamaNames.LONG_FACTORS).isPresent()
            ? Optional.of(
                RopeScaling.byLength(
                    factors(file, LlamaNames.SHORT_FACTORS),
                    factors(file, LlamaNames.LONG_FACTORS)))
            : RopeScaling.read(file, keys, factors(file, LlamaNames.ROPE_FACTORS));
    Map<String, Object> further = keys.further(file.metadata());
    long bytes = Files.size(source);
    FileTime modified = Files.getLastModifiedTime(source);
    Provenance.requireFreeOrConverted(target);
    String sha256 = SourceHash.of(List.of(source), progress);
    Provenance provenance =
        new Provenance(source.getFileName().toString(), sha256, bytes, Map.of());
    if (provenance.isIn(target)) {
      return new ConvertResult(target, true, sha256);
    }
    try (OutputFolder out = OutputFolder.create(target)) {
      TokenizerFiles files = new TokenizerFiles(tokenizer);
      writeWeights(plan, out.add("model.safetensors"), sha256);
      out.addJson("config.json", LlamaConfig.fields(keys, plan, rope, further, files.tokenIds()));
      out.addJson("generation_config.json", files.tokenIds());
      out.addCompactJson("tokenizer.json", files.tokenizerJson());
      out.addJson("tokenizer_config.json", files.tokenizerConfig(keys.contextLength()));
      out.addJson(Provenance.FILE_NAME, provenance.fields(out.folder(), out.files()));
      if (Files.size(source) != bytes || !Files.getLastModifiedTime(source).equals(modified)) {
        throw file.fault("the file changed while it was converted");
      }
      requireLoads(out.folder());
      out.finish();
    }
    return new ConvertResult(target, false, sha256);
  }

  private void requireWhole(GgufFile file) {
    int parts = file.metadata().integer("split.count").orElse(1);
    if (parts > 1) {
      throw CheckpointException.inFile(
          source,
          "the file is one of %s parts of a model".formatted(parts),
          "put them together with llama.cpp (llama-gguf-split --merge FIRST-PART WHOLE) and convert the whole");
    }
  }

  /** What would be refused when it is loaded is not made. */
  private void requireLoads(Path folder) {
    try {
      ModelLoader.of(CheckpointDirectory.of(folder));
      Tokenizer.open(folder).close();
    } catch (CheckpointException e) {
      throw CheckpointException.inFile(
          source,
          "the folder made of it could not be loaded: " + e.getMessage().replace(folder + "/", ""),
          "use another GGUF file of this model");
    }
  }

  private void writeWeights(TensorPlan plan, Path weights, String sha256) throws IOException {
    try (FileChannel channel = FileChannel.open(source)) {
      List<TensorToWrite> tensors = plan.tensors(channel);
      long total = tensors.stream().mapToLong(TensorToWrite::byteSize).sum();
      List<TensorToWrite> watched = new ArrayList<>();
      long done = 0;
      for (TensorToWrite tensor : tensors) {
        ConvertProgress step = new ConvertProgress(tensor.name(), done, total);
        watched.add(watched(tensor, step));
        done += tensor.byteSize();
      }
      // A map with an order of its own: the same source shall give the same bytes.
      Map<String, String> notes = new TreeMap<>(Map.of("format", "mlx", "source_sha256", sha256));
      SafetensorsWriter.write(weights, notes, watched);
    }
  }

  private TensorToWrite watched(TensorToWrite tensor, ConvertProgress step) {
    return new TensorToWrite(
        tensor.name(),
        tensor.dtype(),
        tensor.shape(),
        channel -> {
          progress.accept(step);
          try {
            tensor.source().writeTo(new FiniteChannel(channel, tensor.dtype()));
          } catch (FiniteChannel.NotFiniteException e) {
            throw CheckpointException.inFile(
                source,
                "tensor %s %s, so no token could be computed"
                    .formatted(ErrorText.quoted(tensor.name()), e.getMessage()),
                "download it again, or use another file of this model");
          } catch (QuantizedRows.InexactScaleException e) {
            throw CheckpointException.inFile(
                source,
                "tensor %s: %s".formatted(tensor.name(), e.getMessage()),
                "use another quantization");
          }
        });
  }

  private float[] factors(GgufFile file, String name) throws IOException {
    Optional<GgufTensor> tensor = file.tensor(name);
    if (tensor.isEmpty()) {
      return new float[0];
    }
    if (tensor.get().type() != GgmlType.F32 || tensor.get().bytes() > 1 << 16) {
      throw file.fault("tensor %s is not a short vector in F32".formatted(name));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate((int) tensor.get().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(source)) {
      channel.read(bytes, tensor.get().offset());
    }
    float[] factors = new float[bytes.capacity() / Float.BYTES];
    bytes.rewind().asFloatBuffer().get(factors);
    return factors;
  }
}
