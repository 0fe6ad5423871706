package dev.hbar.study.states;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A states folder while it is written. {@code states.json} is there from the start; a shard counts
 * once its index is there, which is written last.
 */
public final class StatesWriter {
  private static final float MOST_FLOAT16 = 65504;

  private final Path folder;
  private final StatesFolder.Header header;
  private final BitSet shards = new BitSet();
  private int failed;

  private StatesWriter(Path folder, StatesFolder.Header header) {
    this.folder = folder;
    this.header = header;
  }

  /**
   * Starts a folder, or resumes it.
   *
   * @throws StudyException if it holds another run, or cannot be written
   */
  public static StatesWriter open(Path folder, StatesFolder.Header header) {
    StatesWriter writer = new StatesWriter(folder, header);
    try {
      Files.createDirectories(folder);
      if (Files.exists(StatesFolder.headerFile(folder))) {
        writer.requireSame();
      } else {
        StatesFolder.writeHeader(folder, header);
      }
      for (int i = 0; i < writer.count(); i++) {
        if (Files.exists(StatesFolder.shardIndexFile(folder, i))) {
          for (StatesRow row : StatesFolder.readRows(StatesFolder.shardIndexFile(folder, i))) {
            writer.failed += row.failed() ? 1 : 0;
          }
          writer.shards.set(i);
        }
      }
      if (writer.joined()) {
        writer.failed =
            (int)
                StatesFolder.readRows(StatesFolder.indexFile(folder)).stream()
                    .filter(StatesRow::failed)
                    .count();
      }
    } catch (IOException e) {
      throw new StudyException(
          folder, "cannot be written (" + ErrorText.reason(e) + "); choose another folder");
    }
    return writer;
  }

  private void requireSame() {
    if (!StatesFolder.readHeader(folder).equals(header)) {
      throw new StudyException(
          folder,
          "holds the states of another run (see states.json); choose another folder or delete it");
    }
  }

  /** Whether all is done already. */
  public boolean joined() {
    return Files.exists(StatesFolder.indexFile(folder));
  }

  StatesFolder.Header header() {
    return header;
  }

  Path folder() {
    return folder;
  }

  /** Whether the folder held this shard when it was opened. */
  boolean has(int shard) {
    return shards.get(shard);
  }

  /** Shards of the whole run. */
  private int count() {
    return Math.ceilDiv(header.samples(), StatesRun.SHARD);
  }

  /** Samples that have no states. */
  public int failed() {
    return failed;
  }

  /** Writes a shard, in any order. */
  void write(int number, StatesRun.Shard shard) {
    List<TensorToWrite> tensors = new ArrayList<>();
    for (int point = 0; point < header.points().size(); point++) {
      String name = header.points().get(point);
      Optional<AttentionFeature> feature = AttentionFeature.of(name);
      if (feature.isPresent()) {
        List<float[]> values = shard.column(feature.get());
        int width = values.isEmpty() ? 0 : values.getFirst().length;
        tensors.add(tensor(name, StatePosition.MEAN_ANSWER, shard, width, values));
        continue;
      }
      for (String id : header.positions()) {
        StatePosition position = StatePosition.of(id);
        List<float[]> values = shard.column(position, point);
        tensors.add(tensor(name, position, shard, header.hidden(), values));
      }
    }
    SafetensorsWriter.writeSummed(
        StatesFolder.shardFile(folder, number), Map.of("format", "hbar"), tensors);
    writeRows(StatesFolder.shardIndexFile(folder, number), shard.rows());
  }

  private TensorToWrite tensor(
      String point,
      StatePosition position,
      StatesRun.Shard shard,
      int width,
      List<float[]> values) {
    return new TensorToWrite(
        StatesFolder.tensor(point, position),
        dtype(),
        List.of(shard.height(position), width),
        channel -> write(channel, values));
  }

  private DType dtype() {
    return half() ? DType.FLOAT16 : DType.FLOAT32;
  }

  private boolean half() {
    return header.dtype().equals("float16");
  }

  private void write(WritableByteChannel channel, List<float[]> values) throws IOException {
    for (float[] value : values) {
      requireFinite(value);
      ByteBuffer bytes =
          ByteBuffer.allocate(value.length * (half() ? Short.BYTES : Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (float v : value) {
        if (half()) {
          requireInRange(v);
          bytes.putShort(Float.floatToFloat16(v));
        } else {
          bytes.putFloat(v);
        }
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private void requireFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new StudyException(
            folder,
            "a state is "
                + value
                + ": the weights hold or lead to numbers beyond float32; check them with hbar inspect --weights");
      }
    }
  }

  private void requireInRange(float value) {
    if (!(Math.abs(value) <= MOST_FLOAT16)) {
      throw new StudyException(
          folder,
          "a state has the value "
              + value
              + ", which float16 does not hold; use another folder and --dtype float32");
    }
  }

  private static void writeRows(Path file, List<StatesRow> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(StatesFolder.line(row)).append('\n'));
    try {
      WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StudyException(
          file, "cannot be written (" + ErrorText.reason(e) + "); make room and run it again");
    }
  }

  /** Joins the shards to one safetensors file and one index, then deletes them. */
  void join() {
    List<MatrixFile> parts = new ArrayList<>();
    List<StatesRow> rows = new ArrayList<>();
    int height = 0;
    long tokens = 0;
    for (int i = 0; i < count(); i++) {
      MatrixFile part = MatrixFile.open(StatesFolder.shardFile(folder, i));
      for (StatesRow row : StatesFolder.readRows(StatesFolder.shardIndexFile(folder, i))) {
        rows.add(row.moved(height, tokens));
      }
      height = (int) rows.stream().filter(row -> !row.failed()).count();
      tokens = rows.stream().mapToLong(StatesRow::answerTokens).sum();
      parts.add(part);
    }
    List<TensorToWrite> tensors = new ArrayList<>();
    for (String name : parts.getFirst().names()) {
      int total = parts.stream().mapToInt(part -> part.height(name)).sum();
      int width = parts.stream().mapToInt(part -> part.width(name)).max().orElse(0);
      tensors.add(
          new TensorToWrite(
              name,
              dtype(),
              List.of(total, width),
              channel -> {
                for (MatrixFile part : parts) {
                  part.copy(name, channel);
                }
              }));
    }
    SafetensorsWriter.writeSummed(
        StatesFolder.tensorFile(folder), Map.of("format", "hbar"), tensors);
    writeRows(StatesFolder.indexFile(folder), rows);
    deleteShards();
  }

  /** Also writes every tensor as an NPY file, for Python without further libraries. */
  public void exportNpy() {
    MatrixFile states = MatrixFile.open(StatesFolder.tensorFile(folder));
    for (String name : states.names()) {
      states.writeNpy(name, folder.resolve(name + ".npy"));
    }
  }

  private void deleteShards() {
    try {
      for (int i = 0; i < count(); i++) {
        Files.deleteIfExists(StatesFolder.shardIndexFile(folder, i));
        Files.deleteIfExists(StatesFolder.shardFile(folder, i));
      }
    } catch (IOException e) {
      throw new StudyException(
          folder, "shards cannot be deleted (" + ErrorText.reason(e) + "); delete shard-* by hand");
    }
  }
}
