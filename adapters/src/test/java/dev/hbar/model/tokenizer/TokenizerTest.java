package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tokenizer against ids and texts that Python's tokenizers made
 * (scripts/fixtures/tokenizers_small.py).
 */
class TokenizerTest {

  @TempDir private Path folder;

  static List<TokenizerFixture> fixtures() {
    return TokenizerFixture.all();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void text_hasTheIdsOfTheReference(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      for (JsonNode row : fixture.cases()) {
        String text = row.get("text").asText();
        assertArrayEquals(TokenizerFixture.ids(row, "ids"), tokenizer.encode(text), text);
        assertArrayEquals(
            TokenizerFixture.ids(row, "plain_ids"), tokenizer.encode(text, false), text);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void ids_haveTheTextOfTheReference(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      for (JsonNode row : fixture.cases()) {
        int[] ids = TokenizerFixture.ids(row, "ids");
        assertEquals(row.get("decoded").asText(), tokenizer.decode(ids));
        assertEquals(row.get("decoded_all").asText(), tokenizer.decode(ids, false));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void vocabulary_isThatOfTheReferenceInBothDirections(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      assertEquals(fixture.vocabularySize(), tokenizer.vocabularySize());
      for (int id = 0; id < tokenizer.vocabularySize(); id++) {
        assertEquals(OptionalInt.of(id), tokenizer.id(tokenizer.piece(id).orElseThrow()));
      }
      assertTrue(tokenizer.piece(tokenizer.vocabularySize()).isEmpty());
      assertTrue(tokenizer.id("no such piece").isEmpty());
    }
  }

  @Test
  void textLongerThanAnyDefaultLimit_isNotCut() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      assertEquals(5000, tokenizer.encode("7".repeat(5000)).length);
    }
  }

  @Test
  void textShorterThanTheFilesPadding_isNotPadded() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      assertEquals(1, tokenizer.encode("7").length);
      assertEquals(0, tokenizer.encode("").length);
    }
  }

  @Test
  void addedToken_isSpecialOnlyWhenMarkedSo() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      assertTrue(tokenizer.isSpecial(tokenizer.id("<|im_end|>").orElseThrow()));
      assertFalse(tokenizer.isSpecial(tokenizer.id("<tool>").orElseThrow()));
    }
  }

  @Test
  void loneSurrogate_isReadAsReplacementCharacter() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      assertArrayEquals(tokenizer.encode("a\uFFFDb😀"), tokenizer.encode("a\uD83Db😀"));
      assertArrayEquals(tokenizer.encode("\uFFFD"), tokenizer.encode("\uDE00"));
    }
  }

  @Test
  void eightMegabytesOfText_areEncodedWithoutCrashOrHang() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      String text = "Hello, world! 7\n".repeat(524_288);
      int[] ids = assertTimeoutPreemptively(Duration.ofMinutes(4), () -> tokenizer.encode(text));
      assertEquals(tokenizer.encode("Hello, world! 7\n").length * 524_288, ids.length);
    }
  }

  @Test
  void textBeyondEightMegabytes_isRefusedBeforeThePatternsGiveUp() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      String spaces = " ".repeat(8_388_609);
      String message =
          assertThrows(CheckpointException.class, () -> tokenizer.encode(spaces)).getMessage();
      assertTrue(message.contains("8388609") && message.contains("8388608"), message);
    }
  }

  @Test
  void closingWhileOthersEncode_endsThemWithAnErrorOrTheRightIds() throws Exception {
    String text = "Hello, world! 7\n".repeat(50);
    int[] expected;
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      expected = tokenizer.encode(text);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 25; round++) {
        Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder());
        List<Future<Integer>> works = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          works.add(threads.submit(() -> encodeUntilClosed(tokenizer, text, expected)));
        }
        Thread.sleep(2);
        tokenizer.close();
        for (Future<Integer> work : works) {
          assertTrue(work.get() >= 0);
        }
      }
    }
  }

  private static int encodeUntilClosed(Tokenizer tokenizer, String text, int[] expected) {
    for (int count = 0; ; count++) {
      try {
        assertArrayEquals(expected, tokenizer.encode(text));
      } catch (IllegalStateException e) {
        assertEquals("the tokenizer is closed", e.getMessage());
        return count;
      }
    }
  }

  @Test
  void wordWithoutUnknownToken_isOneLineWithFile() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"a": 0, "b": 1}}}
        """);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertArrayEquals(new int[] {1}, tokenizer.encode("b"));
      String message =
          assertThrows(CheckpointException.class, () -> tokenizer.encode("c")).getMessage();
      assertTrue(message.contains("[UNK]") && message.contains(folder.toString()), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void linkOutOfTheFolder_isRefused(@TempDir Path elsewhere) throws IOException {
    Path real = TokenizerFixture.BYTE_LEVEL.folder().resolve("tokenizer.json");
    Path secret = Files.copy(real, elsewhere.resolve("tokenizer.json"));
    Files.createSymbolicLink(folder.resolve("tokenizer.json"), secret);
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains("outside of the checkpoint"), message);
  }

  @Test
  void idWithoutPiece_isLeftOutOfTheText() {
    try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder())) {
      int seven = tokenizer.id("7").orElseThrow();
      assertEquals("77", tokenizer.decode(new int[] {seven, 1_000_000, seven}));
      assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}));
    }
  }

  @Test
  void closedTokenizer_refusesWorkAndClosesTwice() {
    Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.BYTE_LEVEL.folder());
    tokenizer.close();
    assertDoesNotThrow(tokenizer::close);
    assertThrows(IllegalStateException.class, () -> tokenizer.encode("x"));
    assertThrows(IllegalStateException.class, () -> tokenizer.decode(new int[] {1}));
  }

  @Test
  void missingFile_isNamed() {
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains(folder.resolve("tokenizer.json").toString()), message);
    assertEquals(1, message.lines().count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"model\": {}}",
        "{\"model\": {\"vocab\": {\"a\": -1}}}",
        "{\"model\": {\"vocab\": {\"a\": \"x\"}}}",
        "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {\"a\": 0}}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}",
        "not json"
      })
  void brokenFile_isNamedInOneLine(String content) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), content);
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains(folder.resolve("tokenizer.json").toString()), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void fileCutAnywhere_isRefused() throws IOException {
    byte[] whole =
        Files.readAllBytes(TokenizerFixture.BYTE_LEVEL.folder().resolve("tokenizer.json"));
    int end = new String(whole, StandardCharsets.ISO_8859_1).stripTrailing().length();
    for (int length = 0; length < end; length += 97) {
      Files.write(folder.resolve("tokenizer.json"), Arrays.copyOf(whole, length));
      assertThrows(CheckpointException.class, () -> Tokenizer.open(folder), "cut at " + length);
    }
  }
}
