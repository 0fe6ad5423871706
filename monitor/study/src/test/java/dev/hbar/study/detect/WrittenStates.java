package dev.hbar.study.detect;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.study.states.StatesFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * States folders of noise, with the label in the first column of some points.
 *
 * @param sha256 of the checkpoint
 * @param planted the points
 * @param inLength whether wrong answers are longer
 */
record WrittenStates(String sha256, List<String> planted, boolean inLength) {
  static final int WIDTH = 6;
  private static final List<String> POINTS = List.of("embedding", "block.0", "block.1");

  /** One answer. */
  record Row(String task, int record, int label) {}

  /** Records of a right answer, then a wrong one. */
  static List<Row> pairs(String task, int records) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2 * records; i++) {
      rows.add(new Row(task, i / 2, i % 2));
    }
    return rows;
  }

  /** Writes a new folder. */
  DetectionData write(Path parent, List<Row> rows) throws IOException {
    Path states = Files.createTempDirectory(parent, "states");
    List<TensorToWrite> tensors = new ArrayList<>();
    for (String point : POINTS) {
      tensors.add(tensor(point, rows));
    }
    SafetensorsWriter.write(states.resolve("states.safetensors"), Map.of(), tensors);
    Files.writeString(
        states.resolve("states.json"),
        """
        {"checkpoint": "c", "checkpoint_sha256": "%s", "data_sha256": {"own": "d"}, "protocol": "p",
         "selection": {"dataset": "own", "skip": 0, "records": 1, "samples": 2}, "samples": 2,
         "points": ["embedding", "block.0", "block.1"], "positions": ["mean-answer"],
         "hidden": 6, "layers": 2, "dtype": "float32", "alpha": 0.1, "compute": "cpu", "versions": {}}
        """
            .formatted(sha256));
    Random random = new Random(11);
    StringBuilder index = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      index.append(line(i, rows.get(i), random.nextGaussian()));
    }
    Files.writeString(states.resolve("index.jsonl"), index);
    return DetectionData.of(StatesFolder.open(states));
  }

  private String line(int i, Row row, double signal) {
    return String.format(
        Locale.ROOT,
        "{\"row\":%d,\"token_row\":0,\"id\":\"own_%d_%s\",\"label\":%d,\"task\":\"%s\",\"record\":\"%s%d\","
            + "\"prompt_tokens\":9,\"answer_tokens\":9,\"text\":{\"chars\":%d,\"words\":9,\"last\":\".\",\"overlap\":0.5},"
            + "\"signals\":{\"logprob_mean\":%f,\"logprob_min\":-3.0,\"context_gain\":1.0,\"yes_no\":0.1},\"error\":\"\"}%n",
        i,
        i,
        row.label() == 0 ? "cor" : "hal",
        row.label(),
        row.task(),
        row.task(),
        row.record(),
        inLength ? 50 + 40 * row.label() : 50,
        signal);
  }

  private TensorToWrite tensor(String point, List<Row> rows) {
    Random random = new Random(point.hashCode());
    ByteBuffer bytes =
        ByteBuffer.allocate(rows.size() * WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Row row : rows) {
      for (int k = 0; k < WIDTH; k++) {
        double label = planted.contains(point) && k == 0 ? 1.5 * row.label() : 0;
        bytes.putFloat((float) (random.nextGaussian() + label));
      }
    }
    return new TensorToWrite(
        point + ".mean-answer",
        DType.FLOAT32,
        List.of(rows.size(), WIDTH),
        channel -> channel.write(bytes.duplicate().flip()));
  }
}
