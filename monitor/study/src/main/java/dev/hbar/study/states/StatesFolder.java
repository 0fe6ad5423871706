package dev.hbar.study.states;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.JsonSum;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.scores.ResultFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A complete states folder.
 *
 * @param folder where it is
 * @param header what it was made of
 * @param rows the samples that have states, in the order of the tensors' rows
 * @param failed number of samples that have none
 */
public record StatesFolder(Path folder, Header header, List<StatesRow> rows, int failed) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final int MAX_BYTES = 1 << 28;
  private static final String CHANGED =
      "its checksum does not fit: the line is not as it was written; restore the file or make the"
          + " folder again with hbar states";
  private static final String BROKEN = "has a broken line; make the folder again with hbar states";

  /** Copies the list. */
  public StatesFolder {
    rows = List.copyOf(rows);
  }

  /**
   * Opens a folder.
   *
   * @throws RuntimeException naming the file, if it is not complete
   */
  public static StatesFolder open(Path folder) {
    Header header = readHeader(folder);
    List<StatesRow> all = readRows(indexFile(folder));
    List<StatesRow> good = all.stream().filter(row -> !row.failed()).toList();
    return new StatesFolder(folder, header, good, all.size() - good.size());
  }

  /**
   * The states at a point and position, one row per sample (per token for {@link
   * StatePosition#ANSWER}).
   *
   * @throws StudyException if they were not kept
   */
  public float[][] states(String point, StatePosition position) {
    return MatrixFile.open(tensorFile(folder)).matrix(tensor(point, position));
  }

  /** Names of the blocks that were kept, for example {@code block.15}, in their order. */
  public List<String> blocks() {
    return header.points().stream().filter(point -> point.startsWith("block.")).toList();
  }

  static Path headerFile(Path folder) {
    return folder.resolve("states.json");
  }

  static Path tensorFile(Path folder) {
    return folder.resolve("states.safetensors");
  }

  static Path indexFile(Path folder) {
    return folder.resolve("index.jsonl");
  }

  static Path shardFile(Path folder, int number) {
    return folder.resolve("shard-" + number + ".safetensors");
  }

  static Path shardIndexFile(Path folder, int number) {
    return folder.resolve("shard-" + number + ".jsonl");
  }

  /** The name of a tensor, for example {@code block.15.mean-answer}. */
  static String tensor(String point, StatePosition position) {
    return point + "." + position.id();
  }

  static void writeHeader(Path folder, Header header) {
    ResultFile.write(headerFile(folder), header);
  }

  static Header readHeader(Path folder) {
    Path file = headerFile(folder);
    return ResultFile.bind(file, ResultFile.read(file), Header.class);
  }

  static String line(StatesRow row) {
    try {
      return JsonSum.summed(JSON.writeValueAsString(row));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of texts and numbers is always JSON", e);
    }
  }

  static List<StatesRow> readRows(Path file) {
    try {
      List<StatesRow> rows = new ArrayList<>();
      List<String> lines = RegularFile.text(file, MAX_BYTES).lines().toList();
      boolean summed = !lines.isEmpty() && JsonSum.hasSum(lines.getFirst());
      for (String line : lines) {
        if ((summed || JsonSum.hasSum(line)) && !JsonSum.fits(line)) {
          throw new StudyException(file, rows.size() + 1, CHANGED);
        }
        StatesRow row = JSON.readValue(JsonSum.without(line), StatesRow.class);
        if (row == null) {
          throw new StudyException(file, BROKEN);
        }
        rows.add(row);
      }
      return rows;
    } catch (NoSuchFileException e) {
      throw new StudyException(
          file, "no such file; make the folder with hbar states (the same command resumes it)");
    } catch (JsonProcessingException e) {
      throw new StudyException(file, BROKEN);
    } catch (IOException e) {
      throw new StudyException(
          file,
          "cannot be read (" + ErrorText.reason(e) + "); name another, or mend its permissions");
    }
  }

  /**
   * What decides the bytes of a states folder; two runs are the same run if their headers are
   * equal.
   *
   * @param checkpoint name of the checkpoint
   * @param checkpointSha256 hash of its content
   * @param dataSha256 part of the data to the hash of its file
   * @param protocol how prompts are made of records
   * @param selection which samples
   * @param samples their number
   * @param points names of the points and features, see {@link StatesRequest}
   * @param positions names of the positions, see {@link StatePosition}
   * @param hidden width of a state
   * @param layers number of blocks
   * @param dtype float16 or float32
   * @param signals all, or none if those of the answers' tokens were not measured
   * @param alpha weight of the drift in PRI
   * @param compute the compute policy in words
   * @param versions of what computes
   */
  @JsonPropertyOrder({
    "checkpoint",
    "checkpoint_sha256",
    "data_sha256",
    "protocol",
    "selection",
    "samples",
    "points",
    "positions",
    "hidden",
    "layers",
    "dtype",
    "signals",
    "alpha",
    "compute",
    "versions"
  })
  public record Header(
      String checkpoint,
      String checkpointSha256,
      Map<String, String> dataSha256,
      String protocol,
      Selection selection,
      int samples,
      List<String> points,
      List<String> positions,
      int hidden,
      int layers,
      String dtype,
      String signals,
      double alpha,
      String compute,
      Map<String, String> versions) {
    /** Sorts the maps, copies the lists. */
    public Header {
      dataSha256 = new TreeMap<>(dataSha256);
      versions = new TreeMap<>(versions);
      signals = Objects.requireNonNullElse(signals, "all");
      points = List.copyOf(points);
      positions = List.copyOf(positions);
    }

    /** The header of a run. */
    public static Header of(
        GivenModel model, StatesRequest request, SampleSource.Origin origin, int samples) {
      return new Header(
          model.name(),
          model.sha256(),
          origin.dataSha256(),
          origin.protocol(),
          origin.selection(),
          samples,
          request.names(model.config().layers()),
          request.positions().stream().map(StatePosition::id).toList(),
          model.config().hiddenSize(),
          model.config().layers(),
          request.half() ? "float16" : "float32",
          request.signals() ? "all" : "none",
          request.alpha(),
          model.compute(),
          model.versions());
    }
  }
}
