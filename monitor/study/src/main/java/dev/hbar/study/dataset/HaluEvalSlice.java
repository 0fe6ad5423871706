package dev.hbar.study.dataset;

import dev.hbar.model.checkpoint.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some records of a HaluEval file, two samples each, streamed from the file. Record indices count
 * from 0 at the file's first line, whatever is skipped.
 *
 * @param file the JSONL file
 * @param task which of the three
 * @param skip records left out at the start
 * @param records records used
 * @param sha256 of the whole file, lower-case hexadecimal
 */
public record HaluEvalSlice(Path file, HaluEvalTask task, int skip, int records, String sha256)
    implements SampleSource {
  /** The judgement prompts with dialogue_history read where the data has it. */
  private static final String PROTOCOL = "halueval-judgement";

  /**
   * Checks every line of the file once, so that a broken record shows before hours of scoring.
   *
   * @param skip records to leave out at the start
   * @param limit most records to use; all that are left if empty
   * @throws DatasetException if the file is missing, empty, damaged or too short for skip
   */
  public static HaluEvalSlice of(Path file, HaluEvalTask task, int skip, OptionalInt limit) {
    HaluEvalCheck.Result checked = HaluEvalCheck.run(file, task);
    int left = checked.records() - skip;
    if (left <= 0) {
      throw new DatasetException(
          file, "has %s records, skipping %s leaves none".formatted(checked.records(), skip));
    }
    int records = Math.min(left, limit.orElse(left));
    return new HaluEvalSlice(file, task, skip, records, checked.sha256());
  }

  @Override
  public int size() {
    return 2 * records;
  }

  @Override
  public SampleOrigin origin() {
    return new SampleOrigin(
        Map.of(task.id(), sha256), PROTOCOL, new Selection.Slice(task.id(), skip, records));
  }

  @Override
  public Stream<Sample> open() {
    BufferedReader reader;
    try {
      reader =
          new BufferedReader(
              new InputStreamReader(RegularFile.open(file), StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      throw new DatasetException(file, "cannot be read");
    }
    for (int recordIndex = 0; recordIndex < skip; recordIndex++) {
      nextLine(reader, recordIndex);
    }
    return IntStream.range(skip, skip + records)
        .mapToObj(recordIndex -> samples(recordIndex, nextLine(reader, recordIndex)))
        .flatMap(List::stream)
        .onClose(() -> close(reader));
  }

  private List<Sample> samples(int recordIndex, String line) {
    return task.samples(recordIndex, HaluEvalRecordReader.read(file, recordIndex + 1L, line, task));
  }

  private String nextLine(BufferedReader reader, int recordIndex) {
    try {
      String line = reader.readLine();
      if (line == null) {
        throw new DatasetException(file, recordIndex + 1L, "the file became shorter while read");
      }
      return line;
    } catch (MalformedInputException e) {
      throw new DatasetException(file, recordIndex + 1L, "not UTF-8 text");
    } catch (IOException e) {
      throw new DatasetException(file, recordIndex + 1L, "cannot be read: " + e.getMessage());
    }
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
