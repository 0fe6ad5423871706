package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightFilesReaderTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir private Path folder;

  private WeightFiles read() {
    return WeightFilesReader.read(CheckpointDirectory.of(folder));
  }

  private void shard(String file, String... tensors) {
    ShardFixture.shard(folder.resolve(file), tensors);
  }

  private void index(String weightMap) throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":8},\"weight_map\":" + weightMap + "}");
  }

  private void assertFault(String expected) {
    String message = assertThrows(CheckpointException.class, this::read).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(folder.toString()), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void singleFile_isFoundAndOthersAreIgnored() {
    shard("model.safetensors", "a", "b");
    shard("expected.safetensors", "a");
    shard("adapter_model.safetensors", "a");
    WeightFiles weights = read();
    assertEquals(List.of("a", "b"), List.copyOf(weights.names()));
    assertEquals(Optional.empty(), weights.find("c"));
    assertEquals(8, weights.byteSize());
  }

  @Test
  void shardsWithoutIndex_areFoundTogether() {
    shard(FIRST, "a");
    shard(SECOND, "b");
    WeightFiles weights = read();
    assertEquals(2, weights.shards().size());
    assertEquals(SECOND, weights.find("b").orElseThrow().shard().file().getFileName().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "mr-IN", "ne-NP", "bn-BD", "my-MM", "tr-TR", "de-DE"})
  void localeWithOtherDigits_changesNoFileName(String tag) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(tag));
    try {
      shard(FIRST, "a");
      shard(SECOND, "b");
      assertEquals(2, read().shards().size());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void indexAndShardsThatAgree_areRead() throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "b");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertEquals(List.of("a", "b"), List.copyOf(read().names()));
    assertEquals(Optional.empty(), read().note());
  }

  @Test
  void indexWithOtherFileNames_isFollowed() throws IOException {
    shard("weights.00.safetensors", "a");
    index("{\"a\":\"weights.00.safetensors\"}");
    assertEquals(List.of("a"), List.copyOf(read().names()));
  }

  @Test
  void folderWithoutWeights_isRefused() throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin"), "x");
    assertFault("no model*.safetensors");
  }

  @Test
  void absentShard_isNamedWithoutIndex() {
    shard(SECOND, "b");
    assertFault("shard " + FIRST + " is missing");
  }

  @Test
  void absentShard_isNamedByIndex() throws IOException {
    shard(FIRST, "a");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertFault("it names shard " + SECOND + ", which is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\",\"c\":\"" + SECOND + "\"}",
        "{\"a\":\"" + SECOND + "\",\"b\":\"" + FIRST + "\"}",
        "{\"a\":\"" + FIRST + "\",\"c\":\"" + SECOND + "\"}",
        "{\"a\":\"model-00001-of-00009.safetensors\",\"b\":\"model.safetensors\"}"
      })
  void staleIndexBesideAWholeSet_isLeftAsideWithANote(String weightMap) throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "b");
    index(weightMap);
    WeightFiles weights = read();
    assertEquals(List.of("a", "b"), List.copyOf(weights.names()));
    assertTrue(weights.note().orElseThrow().contains("model.safetensors.index.json"));
    assertEquals(weights.note(), weights.ofTextModel().without("a").note());
  }

  @Test
  void staleIndexBesideAPartOfASet_isNoHelp() throws IOException {
    shard(SECOND, "b");
    index("{\"a\":\"model-00001-of-00009.safetensors\"}");
    assertFault("shard " + FIRST + " is missing");
  }

  @Test
  void strayShard_isNamed() throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "b");
    shard("model-00003-of-00003.safetensors", "a");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertFault("weight file model-00003-of-00003.safetensors in the folder is not named");
  }

  @Test
  void tensorInTwoShards_isNamed() {
    shard(FIRST, "a", "b");
    shard(SECOND, "b");
    assertFault("tensor \"b\" is both in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/passwd",
        "/etc/x.safetensors",
        "a\\\\b.safetensors",
        "sub/model.safetensors",
        "..",
        "",
        ".safetensors",
        "model\\u0000.safetensors",
        "model.bin"
      })
  void pathInTheIndex_isRefused(String name) throws IOException {
    shard("model.safetensors", "a");
    index("{\"a\":\"" + name + "\"}");
    assertFault("weight_map.a must be the name of a safetensors file in the same folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "null", "{\"a\":1}", "{\"a\":null}"})
  void damagedIndex_isNamed(String weightMap) throws IOException {
    shard("model.safetensors", "a");
    index(weightMap);
    assertFault("weight_map");
  }

  @Test
  void damagedShard_isNamed() throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors"), "the pointer that stands for a large file");
    assertDamaged("model.safetensors", "header");
  }

  @Test
  void float64Weights_areRefusedByName() {
    ShardFixture.shard(
        folder.resolve("model.safetensors"), ShardFixture.zeros("w", DType.FLOAT64, 2));
    assertFault("tensor \"w\" has dtype F64");
  }

  @Test
  void shardThatIsAFolder_isRefused() throws IOException {
    Files.createDirectory(folder.resolve("model.safetensors"));
    assertDamaged("model.safetensors", "is a directory");
  }

  @Test
  void secondShardDamaged_isTheOneThatIsNamed() throws IOException {
    shard(FIRST, "a");
    Files.write(folder.resolve(SECOND), new byte[7]);
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertDamaged(SECOND, "7 bytes");
  }

  private void assertDamaged(String file, String expected) {
    String message = assertThrows(MlxFileException.class, this::read).getMessage();
    assertTrue(message.contains(folder.resolve(file).toString()), message);
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count());
  }
}
