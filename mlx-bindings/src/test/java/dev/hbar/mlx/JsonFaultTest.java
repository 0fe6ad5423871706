package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parser's words are those of the Jackson that is shipped: a new one shows here. */
class JsonFaultTest {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(3)
                  .maxStringLength(20)
                  .maxNumberLength(9)
                  .build())
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"a" 1}          | unexpected '1'
          {"a":1,}         | unexpected '}'
          {"a":[1,2}       | unexpected '}'
          {"a":}           | unexpected '}'
          {"a":[1,2        | it ends too early
          {"a":"b          | it ends too early
          {"a":truth}      | unknown word 'truth'
          {"a":'b'}        | unexpected '''
          {"a":"b\\x"}     | an escape that JSON does not have
          {"a":"b\t"}      | a control character (9)
          {"a":\u0000}     | a control character (0)
          {"a":1,"a":2}    | field 'a' is there twice
          {"a":[[[1]]]}    | nested more than 3 deep
          {"a":"012345678901234567890"} | one value is longer than 20
          {"a":1234567890} | one value is longer than 9
          {"a":NaN}        | 'NaN' is no number of JSON
          {"a":01}         | a malformed number
          {"a":1.}         | unexpected '}'
          {"a":1e}         | unexpected '}'
          """)
  void brokenText_isSaidInOurWords(String text, String expected) {
    JsonProcessingException broken =
        assertThrows(JsonProcessingException.class, () -> readThrough(text));
    assertEquals(expected, JsonFault.of(broken.getOriginalMessage()));
  }

  @Test
  void wordsOfAnotherParser_areNotPassedOn() {
    assertEquals("not written as JSON is", JsonFault.of("com.example.Reader broke\nat line 3"));
    assertEquals("not written as JSON is", JsonFault.of(""));
    String twice =
        "Duplicate field 'b' for `ObjectNode`: not allowed when `DeserializationFeature.X` enabled";
    assertEquals("field 'b' is there twice", JsonFault.of(twice));
    String trailing = "Trailing token (of type START_ARRAY) found after value (bound as `X`)";
    assertEquals("something stands after its end", JsonFault.of(trailing));
  }

  private static void readThrough(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        parser.getText();
      }
    }
  }
}
