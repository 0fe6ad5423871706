package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twelve published tokenizers on 460 hard strings: ids, texts and streams are what Python's
 * tokenizers and sentencepiece made of them (scripts/fixtures/tokenizers_real.py). The tokenizers
 * themselves are fetched, not kept here.
 */
class RealTokenizersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STRINGS = 460;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepseek_v3",
        "gemma3",
        "gpt4o",
        "gptoss",
        "llama3",
        "llama3_1",
        "mistral_tekken",
        "mistral_v1",
        "mistral_v2",
        "mistral_v3",
        "mistral_v7",
        "mistral_v7m1",
        "qwen3"
      })
  void hardStrings_haveIdsTextAndStreamOfTheReference(String name) throws IOException {
    List<String> texts = texts();
    List<JsonNode> rows = rows(name);
    assertEquals(STRINGS, texts.size());
    assertEquals(STRINGS, rows.size());
    List<String> wrong = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(folder(name))) {
      for (int i = 0; i < STRINGS; i++) {
        if (!rows.get(i).isNull()) {
          fault(tokenizer, texts.get(i), rows.get(i)).ifPresent(wrong::add);
        }
      }
    }
    assertEquals(List.of(), wrong, wrong.size() + " of " + STRINGS + " differ");
  }

  private static Optional<String> fault(Tokenizer tokenizer, String text, JsonNode row) {
    int[] ids = TokenizerFixture.ids(row, "ids");
    int[] plain = TokenizerFixture.ids(row, "plain");
    try {
      assertArrayEquals(ids, tokenizer.encode(text), "ids");
      assertArrayEquals(plain, tokenizer.encode(text, false), "plain ids");
      String decoded = row.path("text").asText(text);
      assertEquals(decoded, tokenizer.decode(ids), "text");
      assertEquals(decoded, stream(tokenizer, ids), "stream");
      if (row.has("all")) {
        assertEquals(row.get("all").asText(), tokenizer.decode(ids, false), "text of all");
      }
      if (row.has("cut")) {
        int[] cut = TokenizerFixture.ids(row, "cut");
        int[] part = Arrays.copyOfRange(plain, cut[0], cut[1]);
        assertEquals(row.get("part").asText(), tokenizer.decode(part), "part");
        assertEquals(row.get("part").asText(), stream(tokenizer, part), "stream of part");
      }
      return Optional.empty();
    } catch (AssertionError e) {
      return Optional.of(JSON.valueToTree(text) + ": " + e.getMessage());
    }
  }

  private static String stream(Tokenizer tokenizer, int[] ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.add(id));
    }
    return text.append(decoder.finish()).toString();
  }

  private static Path folder(String name) {
    Path own = Path.of("..", ".hbar").toAbsolutePath().normalize();
    Path home = Optional.ofNullable(System.getenv("HBAR_HOME")).map(Path::of).orElse(own);
    Path folder = home.resolve("tokenizers").resolve(name);
    assumeTrue(Files.isDirectory(folder), "no " + folder + ", run scripts/fetch tokenizers");
    return folder;
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (InputStream file = resource("strings.json")) {
      JSON.readTree(file).forEach(text -> texts.add(text.asText()));
    }
    return texts;
  }

  private static List<JsonNode> rows(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(resource(name + ".jsonl.gz")), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(JSON.readTree(line));
      }
    }
    return rows;
  }

  private static InputStream resource(String name) {
    return RealTokenizersTest.class.getResourceAsStream("/tokenizer/real/" + name);
  }
}
