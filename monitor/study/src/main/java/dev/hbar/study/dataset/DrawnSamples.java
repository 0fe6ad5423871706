package dev.hbar.study.dataset;

import dev.hbar.model.checkpoint.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The samples of a draw with their prompts. The records needed are read in one pass per file and
 * kept while the stream is open: a few kB each.
 *
 * @param folder the files
 * @param draw which of their records, in which order
 */
public record DrawnSamples(HaluEvalFolder folder, Draw draw) implements SampleSource {
  @Override
  public int size() {
    return draw.samples().size();
  }

  @Override
  public SampleOrigin origin() {
    return new SampleOrigin(
        folder.sha256(),
        draw.protocol().id(),
        new Selection.Drawn(draw.set().id(), draw.n(), draw.seed()));
  }

  @Override
  public Stream<Sample> open() {
    Map<HaluEvalTask, Map<Integer, Map<String, String>>> records = new HashMap<>();
    folder.files().forEach((task, file) -> records.put(task, read(task, file)));
    return draw.samples().stream()
        .map(
            drawn ->
                drawn
                    .task()
                    .sample(
                        drawn.number(),
                        drawn.label(),
                        records.get(drawn.task()).get(drawn.recordIndex())));
  }

  private Map<Integer, Map<String, String>> read(HaluEvalTask task, Path file) {
    Set<Integer> wanted =
        draw.samples().stream()
            .filter(drawn -> drawn.task() == task)
            .map(DrawnSample::recordIndex)
            .collect(Collectors.toSet());
    Map<Integer, Map<String, String>> records = new HashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(RegularFile.open(file), StandardCharsets.UTF_8.newDecoder()))) {
      for (int recordIndex = 0; records.size() < wanted.size(); recordIndex++) {
        String line = reader.readLine();
        if (line == null) {
          throw new DatasetException(file, recordIndex + 1L, "the file became shorter while read");
        }
        if (wanted.contains(recordIndex)) {
          records.put(
              recordIndex, shown(HaluEvalRecordReader.read(file, recordIndex + 1L, line, task)));
        }
      }
    } catch (IOException e) {
      throw new DatasetException(file, "cannot be read: " + e.getMessage());
    }
    return records;
  }

  private Map<String, String> shown(Map<String, String> record) {
    return draw.protocol().shown(record);
  }
}
