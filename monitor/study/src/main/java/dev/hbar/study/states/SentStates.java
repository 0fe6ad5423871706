package dev.hbar.study.states;

import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.scoring.GroupQueue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Shards that another rank computes in a temporary folder and sends to {@link SharedStates}. */
final class SentStates {
  private static final int CHUNK = 1 << 22;

  private SentStates() {}

  /**
   * Sends the files of a shard.
   *
   * @param made writes the shard into a folder of its own
   */
  static void send(
      GroupQueue.Group shard,
      StatesFolder.Header header,
      Consumer<StatesWriter> made,
      OtherRank.Sender sender)
      throws IOException {
    Path folder = Files.createTempDirectory("hbar-states");
    try {
      made.accept(StatesWriter.open(folder, header));
      int number = shard.start() / StatesRun.SHARD;
      send(StatesFolder.shardFile(folder, number), sender);
      send(StatesFolder.shardIndexFile(folder, number), sender);
    } finally {
      delete(folder);
    }
  }

  private static void send(Path file, OtherRank.Sender sender) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] chunk = bytes.readNBytes(CHUNK);
      while (chunk.length > 0) {
        sender.send(Base64.getEncoder().encodeToString(chunk));
        chunk = bytes.readNBytes(CHUNK);
      }
    }
    sender.send("");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
