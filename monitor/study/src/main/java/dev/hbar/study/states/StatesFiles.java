package dev.hbar.study.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.study.scores.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names and lines of a states folder. */
final class StatesFiles {
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private static final String BROKEN = "has a broken line; make the folder again with hbar states";

  private StatesFiles() {}

  static Path header(Path folder) {
    return folder.resolve("states.json");
  }

  static Path states(Path folder) {
    return folder.resolve("states.safetensors");
  }

  static Path index(Path folder) {
    return folder.resolve("index.jsonl");
  }

  static Path shard(Path folder, int number) {
    return folder.resolve("shard-" + number + ".safetensors");
  }

  static Path shardIndex(Path folder, int number) {
    return folder.resolve("shard-" + number + ".jsonl");
  }

  /** The name of a tensor, for example {@code block.15.mean-answer}. */
  static String tensor(String point, Position position) {
    return point + "." + position.id();
  }

  static void writeHeader(Path folder, StatesHeader header) {
    ResultFile.write(header(folder), header);
  }

  static StatesHeader readHeader(Path folder) {
    Path file = header(folder);
    return ResultFile.bind(file, ResultFile.read(file), StatesHeader.class);
  }

  static String line(StatesRow row) {
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of texts and numbers is always JSON", e);
    }
  }

  static List<StatesRow> rows(Path file) {
    try {
      List<StatesRow> rows = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        StatesRow row = JSON.readValue(line, StatesRow.class);
        if (row == null) {
          throw new StatesException(file, BROKEN);
        }
        rows.add(row);
      }
      return rows;
    } catch (NoSuchFileException e) {
      throw new StatesException(
          file, "no such file; make the folder with hbar states (the same command goes on)");
    } catch (JsonProcessingException e) {
      throw new StatesException(file, BROKEN);
    } catch (IOException e) {
      throw new StatesException(file, "cannot be read: " + e.getMessage());
    }
  }
}
