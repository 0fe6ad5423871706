package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A small tokenizer of the test resources with the ids and texts that Python made. */
record TokenizerFixture(String name, Path folder, int vocabularySize, List<JsonNode> cases) {

  static final TokenizerFixture BYTE_LEVEL = load("byte_level");
  static final TokenizerFixture FALLBACK = load("fallback");

  static List<TokenizerFixture> all() {
    return List.of(BYTE_LEVEL, FALLBACK);
  }

  static int[] ids(JsonNode row, String field) {
    JsonNode ids = row.get(field);
    return IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
  }

  private static TokenizerFixture load(String name) {
    try {
      Path folder = Path.of(TokenizerFixture.class.getResource("/tokenizer/" + name).toURI());
      JsonNode root = new ObjectMapper().readTree(folder.resolve("cases.json").toFile());
      List<JsonNode> cases = List.copyOf(root.get("cases").valueStream().toList());
      return new TokenizerFixture(name, folder, root.get("vocabulary_size").asInt(), cases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
