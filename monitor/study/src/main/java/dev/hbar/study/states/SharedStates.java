package dev.hbar.study.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.hbar.model.io.Json;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.GroupQueue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Shards that rank 0 gives out, and gets from {@link SentStates}: the two files that one is,
 * tensors first, each as lines of base64 with an empty one behind.
 */
record SharedStates(StatesWriter writer, GroupQueue<Integer> queue)
    implements Crew.Shared<Integer> {
  /** A header as a line. */
  static String line(StatesFolder.Header header) {
    return ResultFile.tree(header).toString();
  }

  @Override
  public String header() {
    return line(writer.header());
  }

  @Override
  public Optional<String> firstDifference(String header) {
    try {
      return ResultFile.firstDifference(
          ResultFile.tree(writer.header()), Json.MAPPER.readTree(header));
    } catch (JsonProcessingException e) {
      throw new StudyException("is no JSON");
    }
  }

  @Override
  public Integer received(GroupQueue.Group shard, Crew.Lines lines) throws IOException {
    int number = shard.start() / StatesRun.SHARD;
    Path tensors = StatesFolder.shardFile(writer.folder(), number);
    Path index = StatesFolder.shardIndexFile(writer.folder(), number);
    Path tensorsPart = tensors.resolveSibling(tensors.getFileName() + ".part");
    Path indexPart = index.resolveSibling(index.getFileName() + ".part");
    try {
      receive(tensorsPart, lines);
      receive(indexPart, lines);
      MatrixFile.open(tensorsPart);
      List<StatesRow> rows = StatesFolder.readRows(indexPart);
      List<String> wanted = shard.samples().stream().map(Sample::id).toList();
      if (!rows.stream().map(StatesRow::id).toList().equals(wanted)) {
        throw new IOException("answered for other samples");
      }
      WholeFile.replace(tensorsPart, tensors);
      WholeFile.replace(indexPart, index);
      return (int) rows.stream().filter(StatesRow::failed).count();
    } finally {
      Files.deleteIfExists(tensorsPart);
      Files.deleteIfExists(indexPart);
    }
  }

  private static void receive(Path file, Crew.Lines lines) throws IOException {
    try (OutputStream bytes = Files.newOutputStream(file)) {
      for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
        bytes.write(Base64.getDecoder().decode(line));
      }
    }
  }
}
