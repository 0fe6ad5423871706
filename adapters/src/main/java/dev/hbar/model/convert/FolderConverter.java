package dev.hbar.model.convert;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.SelfTest;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.Adapter;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.WeightFiles;
import dev.hbar.model.family.ModelLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes an MLX checkpoint folder out of a checkpoint folder: a Hugging Face one of floats, or an
 * MLX one that may be packed. One weight is held at a time, so that memory does not grow with the
 * model.
 */
public final class FolderConverter {
  private final CheckpointDirectory source;
  private final ConvertSettings settings;
  private final Consumer<ConvertProgress> progress;

  private FolderConverter(
      CheckpointDirectory source, ConvertSettings settings, Consumer<ConvertProgress> progress) {
    this.source = source;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Converts a folder. Owner thread.
   *
   * @param target the folder to make; it may exist when it is empty or holds the result for this
   *     very source and these settings
   * @param progress told on the calling thread; what it throws ends the conversion
   * @throws CheckpointException if the source cannot be converted or the target is taken; nothing
   *     is left behind
   * @throws dev.hbar.mlx.MlxFileException if weights cannot be read or written
   */
  public static ConvertResult convert(
      CheckpointDirectory source,
      Path target,
      ConvertSettings settings,
      Consumer<ConvertProgress> progress) {
    SelfTest.requirePassed();
    try {
      return new FolderConverter(source, settings, progress).convert(target);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot convert %s to %s (%s): check space and permissions"
              .formatted(source.path(), target, ErrorText.reason(e)),
          e);
    }
  }

  private ConvertResult convert(Path target) throws IOException {
    ModelLoader loader = ModelLoader.of(source);
    FolderPlan plan = FolderPlan.of(loader.config(), loader.files(), settings);
    List<Path> companions = CompanionFiles.of(source);
    List<Path> hashed = hashed(loader.files(), companions);
    Provenance.requireFreeOrConverted(target);
    String sha256 = SourceHash.of(hashed, progress);
    Provenance provenance =
        new Provenance(source.name(), sha256, SourceHash.bytes(hashed), settings.fields());
    if (provenance.isIn(target)) {
      return new ConvertResult(target, true, sha256);
    }
    try (OutputFolder out = OutputFolder.create(target);
        MlxScope conversion = MlxScope.open("convert")) {
      List<List<TensorToWrite>> tensors = watched(plan.tensors(conversion));
      new ShardWriter(out, Map.of("format", "mlx", "source_sha256", sha256))
          .write(tensors, settings.shardBytes(), plan.parameters());
      CompanionFiles.copy(companions, out);
      out.addJson("config.json", FolderConfig.fields(loader.config().file(), settings));
      out.addJson(Provenance.FILE_NAME, provenance.fields(out.folder(), out.files()));
      loader.files().shards().forEach(SafetensorsHeader::requireUnchanged);
      out.finish();
    }
    return new ConvertResult(target, false, sha256);
  }

  private List<Path> hashed(WeightFiles files, List<Path> companions) {
    List<Path> hashed = new ArrayList<>(List.of(source.require("config.json")));
    hashed.addAll(companions);
    files.shards().forEach(shard -> hashed.add(shard.file()));
    hashed.addAll(Adapter.filesOf(source));
    return hashed;
  }

  private List<List<TensorToWrite>> watched(List<List<TensorToWrite>> groups) {
    long total = groups.stream().mapToLong(ShardWriter::bytes).sum();
    List<List<TensorToWrite>> watched = new ArrayList<>();
    long done = 0;
    for (List<TensorToWrite> group : groups) {
      List<TensorToWrite> told = new ArrayList<>();
      for (TensorToWrite tensor : group) {
        ConvertProgress step = new ConvertProgress(tensor.name(), done, total);
        told.add(told(tensor, step));
        done += tensor.byteSize();
      }
      watched.add(told);
    }
    return watched;
  }

  private TensorToWrite told(TensorToWrite tensor, ConvertProgress step) {
    return new TensorToWrite(
        tensor.name(),
        tensor.dtype(),
        tensor.shape(),
        channel -> {
          progress.accept(step);
          tensor.source().writeTo(channel);
        });
  }
}
