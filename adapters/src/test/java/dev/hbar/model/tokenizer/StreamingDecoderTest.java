package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the stream emits, put together, is what decoding everything at once gives. */
class StreamingDecoderTest {

  static List<TokenizerFixture> fixtures() {
    return TokenizerFixture.all();
  }

  private static List<String> stream(Tokenizer tokenizer, int[] ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    List<String> parts = new ArrayList<>();
    for (int id : ids) {
      parts.add(decoder.add(id));
    }
    parts.add(decoder.finish());
    return parts;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void casesOfTheReference_addUpToTheirText(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      for (JsonNode row : fixture.cases()) {
        int[] ids = TokenizerFixture.ids(row, "ids");
        assertEquals(row.get("decoded").asText(), String.join("", stream(tokenizer, ids)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void randomIds_addUpToTheirText(TokenizerFixture fixture) {
    Random random = new Random(7);
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      for (int round = 0; round < 2000; round++) {
        // Low ids are special tokens and single bytes: the hard cases.
        int bound = random.nextBoolean() ? 262 : tokenizer.vocabularySize() + 3;
        int[] ids = random.ints(random.nextInt(20), 0, bound).toArray();
        assertEquals(
            tokenizer.decode(ids),
            String.join("", stream(tokenizer, ids)),
            () -> Arrays.toString(ids));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void characterOfSeveralTokens_isEmittedWhole(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      for (String part : stream(tokenizer, tokenizer.encode("x \uD835\uDD3D y 日"))) {
        assertFalse(part.contains("\uFFFD"), part);
        assertTrue(
            part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)), part);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void decoderAfterFinish_startsANewText(TokenizerFixture fixture) {
    try (Tokenizer tokenizer = Tokenizer.open(fixture.folder())) {
      int[] ids = tokenizer.encode(" again 日");
      StreamingDecoder decoder = tokenizer.streamingDecoder();
      for (int round = 0; round < 2; round++) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
          text.append(decoder.add(id));
        }
        assertEquals(tokenizer.decode(ids), text.append(decoder.finish()).toString());
      }
    }
  }

  @Test
  void byteThatStartsNothing_isReplacedAtOnce() {
    Utf8Stream stream = new Utf8Stream();
    stream.add((byte) 0x80);
    stream.add((byte) 0xE2);
    stream.add((byte) 0x41);
    assertEquals("\uFFFD\uFFFDA", stream.take());
  }

  @Test
  void encodedSurrogate_isThreeReplacements() {
    Utf8Stream stream = new Utf8Stream();
    for (int value : new int[] {0xED, 0xA0, 0x80}) {
      stream.add((byte) value);
    }
    stream.finish();
    assertEquals("\uFFFD\uFFFD\uFFFD", stream.take());
  }
}
