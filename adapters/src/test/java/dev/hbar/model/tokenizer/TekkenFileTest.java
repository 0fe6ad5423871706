package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny tekken.json files: all bytes, "bc", "ab", "abc", behind three special tokens. */
class TekkenFileTest {
  private static final int SPECIAL = 3;

  @TempDir Path folder;

  private Path write(String special, String change, String into) throws IOException {
    List<String> words = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      words.add(word(b, new byte[] {(byte) b}));
    }
    for (String text : List.of("bc", "ab", "abc", "beyond")) {
      words.add(word(words.size(), text.getBytes(StandardCharsets.US_ASCII)));
    }
    String json =
        """
        {"config": {"pattern": "[a-z]+|[^a-z]", "num_vocab_tokens": 260, "default_vocab_size": 262,
          "default_num_special_tokens": 3, "version": "v3"}, %s "vocab": [%s]}
        """
            .formatted(special, String.join(",", words));
    assertTrue(json.contains(change), json);
    return Files.writeString(folder.resolve("tekken.json"), json.replace(change, into));
  }

  private static String word(int rank, byte[] bytes) {
    return "{\"rank\": %s, \"token_bytes\": \"%s\", \"token_str\": null}"
        .formatted(rank, Base64.getEncoder().encodeToString(bytes));
  }

  @Test
  void lowestRank_isJoinedFirstBehindTheSpecialTokens() throws IOException {
    write("", "\"v3\"", "\"v3\"");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      int a = SPECIAL + 'a';
      int bc = SPECIAL + 256;
      int ab = SPECIAL + 257;
      int abc = SPECIAL + 258;
      assertArrayEquals(new int[] {1, abc, SPECIAL + ' ', ab}, tokenizer.encode("abc ab"));
      // bc is of a lower rank than ab, and no word is abcbc.
      assertArrayEquals(new int[] {abc, bc, a}, tokenizer.encode("abcbca", false));
      assertArrayEquals(new int[] {2, a, 0}, tokenizer.encode("</s>a<unk>", false));
      assertEquals("abc ab", tokenizer.decode(tokenizer.encode("abc ab")));
      assertEquals(262, tokenizer.vocabularySize());
    }
  }

  @Test
  void ownSpecialTokens_takeTheirRanksAndOthersAreFilled() throws IOException {
    write("\"special_tokens\": [{\"rank\": 1, \"token_str\": \"<b>\"}],", "\"v3\"", "\"v13\"");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertArrayEquals(new int[] {1, SPECIAL + 257}, tokenizer.encode("<b>ab"));
      assertEquals("<SPECIAL_2>", tokenizer.piece(2).orElseThrow());
    }
  }

  @Test
  void tokenizerJson_goesBeforeTekken() throws IOException {
    write("", "\"v3\"", "\"v3\"");
    Path other = Path.of("src/test/resources/tokenizer/byte_level/tokenizer.json");
    Files.copy(other, folder.resolve("tokenizer.json"));
    try (Tokenizer tokenizer = Tokenizer.open(folder);
        Tokenizer alone = Tokenizer.open(other.getParent())) {
      assertEquals(alone.vocabularySize(), tokenizer.vocabularySize());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "default_vocab_size": 262 | "default_vocab_size": 300 | vocab has 260 words, config wants 297
          "default_vocab_size": 262 | "default_vocab_size": 3   | config.default_vocab_size
          "default_num_special_tokens": 3 | "nothing": 3        | config.default_num_special_tokens
          "pattern"                 | "other"                   | config.pattern
          "rank": 7,                | "rank": 8,                | order of its ranks at 7
          "YWI="                    | "YmM="                    | has a word twice
          "YWI="                    | "?"                       | no Base64, rank 257
          "YWI="                    | ""                        | an empty word, rank 257
          """)
  void damagedFile_isNamedWithTheField(String change, String into, String expected)
      throws IOException {
    write("", change, into);
    String message =
        assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("tekken.json"), message);
    assertEquals(1, message.lines().count());
  }
}
