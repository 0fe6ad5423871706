package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decides the scores counts, and nothing else. */
class CheckpointHashTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    ShardFixture.shard(folder.resolve(FIRST), "a");
    ShardFixture.shard(folder.resolve(SECOND), "b");
    for (String name : List.of("config.json", "generation_config.json", "tokenizer.json")) {
      Files.writeString(folder.resolve(name), "{\"of\":\"" + name + "\"}");
    }
  }

  private String hash() {
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    return CheckpointHash.of(directory, WeightFilesReader.read(directory));
  }

  private void append(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, (Files.exists(file) ? Files.readString(file) : "") + " ");
  }

  @Test
  void files_areHashedInTheirOrder() throws Exception {
    MessageDigest all = MessageDigest.getInstance("SHA-256");
    for (String name :
        List.of("config.json", "generation_config.json", "tokenizer.json", FIRST, SECOND)) {
      all.update(
          MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(name))));
    }
    assertEquals(HexFormat.of().formatHex(all.digest()), hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "generation_config.json", "tokenizer.json"})
  void settingThatChanges_changesTheHash(String name) throws IOException {
    String before = hash();
    append(name);
    assertNotEquals(before, hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND})
  void everyShard_counts(String name) throws IOException {
    String before = hash();
    ShardFixture.shard(folder.resolve(name), name.equals(FIRST) ? "a" : "b", "c");
    assertNotEquals(before, hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "tekken.json", "tokenizer.model", "vocab.json"})
  void whatIsNotRead_doesNotCount(String name) throws IOException {
    String before = hash();
    append(name);
    assertEquals(before, hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tekken.json", "tokenizer.model"})
  void otherTokenizers_countWhereThereIsNoTokenizerJson(String name) throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    String before = hash();
    append(name);
    String with = hash();
    assertNotEquals(before, with);
    append(name);
    assertNotEquals(with, hash());
  }
}
