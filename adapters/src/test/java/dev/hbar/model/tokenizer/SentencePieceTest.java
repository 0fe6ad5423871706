package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders that have only tokenizer.model, against sentencepiece, and against transformers where the
 * configuration is a newer one (scripts/fixtures/tokenizers_pieces.py).
 */
class SentencePieceTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> REBUILT = Set.of("LlamaTokenizer");

  @TempDir private Path folder;

  private static Path fixture(String name) {
    try {
      return Path.of(SentencePieceTest.class.getResource("/tokenizer/pieces/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] model(String name) throws IOException {
    return Files.readAllBytes(fixture(name).resolve("tokenizer.model"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bpe", "bpe_user", "bpe_user_prefix", "bpe_newer", "unigram", "unigram_bytes"})
  void text_hasIdsAndTextOfTheReference(String name) throws IOException {
    requireReference(name, Tokenizer.open(fixture(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rebuilt", "rebuilt_legacy", "bpe_newer"})
  void autoTokenizer_hasIdsAndTextOfTransformers(String name) throws IOException {
    requireReference(name, Tokenizer.openRebuilt(fixture(name), REBUILT));
  }

  @Test
  void autoTokenizerOfAnotherClass_keepsItsFile() {
    try (Tokenizer kept = Tokenizer.open(fixture("rebuilt"));
        Tokenizer rebuilt = Tokenizer.openRebuilt(fixture("rebuilt"), REBUILT);
        Tokenizer other = Tokenizer.openRebuilt(fixture("rebuilt"), Set.of("PreTrained"))) {
      assertFalse(Arrays.equals(kept.encode(" a"), rebuilt.encode(" a")));
      assertArrayEquals(kept.encode(" a"), other.encode(" a"));
    }
  }

  private static void requireReference(String name, Tokenizer opened) throws IOException {
    List<String> lines = Files.readAllLines(fixture(name).resolve("cases.jsonl"));
    assertTrue(lines.size() > 20);
    List<String> wrong = new ArrayList<>();
    try (Tokenizer tokenizer = opened) {
      for (String line : lines) {
        JsonNode row = JSON.readTree(line);
        String text = row.get("text").asText();
        try {
          int[] ids = TokenizerFixture.ids(row, "ids");
          assertArrayEquals(ids, tokenizer.encode(text), "ids");
          assertArrayEquals(
              TokenizerFixture.ids(row, "plain"), tokenizer.encode(text, false), "plain ids");
          assertEquals(row.get("decoded").asText(), tokenizer.decode(ids), "text");
        } catch (AssertionError e) {
          wrong.add(JSON.valueToTree(text) + ": " + e.getMessage());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void controlPiece_isASpecialTokenWhereverItStands() {
    try (Tokenizer tokenizer = Tokenizer.open(fixture("bpe"))) {
      int end = tokenizer.id("</s>").orElseThrow();
      int[] ids = tokenizer.encode("a</s>b");
      assertTrue(tokenizer.isSpecial(end));
      assertEquals(1, Arrays.stream(ids).filter(id -> id == end).count());
      assertEquals("</s>", tokenizer.decode(new int[] {end}, false));
      assertEquals("", tokenizer.decode(new int[] {end}));
    }
  }

  @Test
  void tokensOfTheConfiguration_areAdded() throws IOException {
    Files.write(folder.resolve("tokenizer.model"), model("bpe"));
    int size;
    try (Tokenizer plain = Tokenizer.open(folder)) {
      size = plain.vocabularySize();
    }
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<|im_end|>\": " + size + "}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"add_bos_token\": false, \"add_eos_token\": true, \"added_tokens_decoder\": {\""
            + (size + 1)
            + "\": {\"content\": \"<call>\", \"special\": false}}}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertArrayEquals(new int[] {size, size + 1, 2}, tokenizer.encode("<|im_end|><call>"));
      assertTrue(tokenizer.isSpecial(size));
      assertFalse(tokenizer.isSpecial(size + 1));
    }
  }

  @Test
  void tokenizerJson_goesBeforeTheModel() throws IOException {
    Files.write(folder.resolve("tokenizer.model"), model("bpe"));
    Files.copy(
        TokenizerFixture.BYTE_LEVEL.folder().resolve("tokenizer.json"),
        folder.resolve("tokenizer.json"));
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(TokenizerFixture.BYTE_LEVEL.vocabularySize(), tokenizer.vocabularySize());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a model", "\n\u0003\n\u0001a"})
  void fileThatIsNoModel_isNamedInOneLine(String content) throws IOException {
    Files.writeString(folder.resolve("tokenizer.model"), content);
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains(folder.resolve("tokenizer.model").toString()), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void linkOutOfTheFolder_isRefused(@TempDir Path elsewhere) throws IOException {
    Path secret = Files.write(elsewhere.resolve("tokenizer.model"), model("bpe"));
    Files.createSymbolicLink(folder.resolve("tokenizer.model"), secret);
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains("outside of the checkpoint"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "", "99999999999", "1e3"})
  void addedTokenWhoseIdIsNoNumber_isOneLineWithFile(String id) throws IOException {
    Files.write(folder.resolve("tokenizer.model"), model("bpe"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"added_tokens_decoder\": {\"" + id + "\": {\"content\": \"<call>\"}}}");
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains(folder.toString()) && message.contains("added_tokens"), message);
  }

  /** One piece of a million letters: every way to part it would be a terabyte. */
  @Test
  void pieceWithoutEnd_isRefused() throws IOException {
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(model("bpe"));
    // Field 1, a piece: its text is field 1 of 1,000,000 bytes, whose size takes three bytes.
    longer.write(new byte[] {0x0a, (byte) 0xc4, (byte) 0x84, 0x3d, 0x0a, (byte) 0xc0});
    longer.write(new byte[] {(byte) 0x84, 0x3d});
    longer.write("a".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("tokenizer.model"), longer.toByteArray());
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains("a piece has more than 512 characters"), message);
  }

  @Test
  void damagedModels_openOrFailInOneLine() throws IOException {
    byte[] whole = model("unigram");
    Random random = new Random(14);
    for (int round = 0; round < 300; round++) {
      byte[] damaged =
          round % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
      for (int i = 0; i < 1 + round % 5 && damaged.length > 0; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(folder.resolve("tokenizer.model"), damaged);
      try (Tokenizer tokenizer = Tokenizer.open(folder)) {
        tokenizer.encode("Hello, world!");
      } catch (CheckpointException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
  }
}
