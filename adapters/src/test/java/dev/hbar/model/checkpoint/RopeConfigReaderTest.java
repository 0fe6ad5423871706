package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected numbers are those of transformers 5.23 modeling_rope_utils, worked out by hand. */
final class RopeConfigReaderTest {
  @TempDir private Path folder;

  private RopeConfig rope(String changes) throws IOException {
    return ConfigFixture.read(folder, ConfigFixture.changed("llama_tied", changes)).rope();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rope_theta\":500000}",
        "{\"rope_theta\":500000,\"rope_scaling\":null}",
        "{\"rope_theta\":500000,\"rope_scaling\":{\"rope_type\":\"default\"}}",
        "{\"rope_theta\":1,\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":500000}}",
        "{\"rope_theta\":null,\"rope_parameters\":{\"rope_theta\":500000}}",
        "{\"rope_theta\":500000,\"rope_parameters\":{\"type\":\"default\"}}"
      })
  void plainRope_isFoundWhereverThetaStands(String changes) throws IOException {
    assertEquals(new RopeConfig.Plain(500_000), rope(changes));
  }

  @Test
  void absentTheta_isTenThousand() throws IOException {
    assertEquals(new RopeConfig.Plain(10_000), rope("{\"rope_theta\":null}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rope_scaling", "rope_parameters"})
  void linearAndDynamic_areRead(String key) throws IOException {
    assertEquals(
        new RopeConfig.Linear(10_000, 4),
        rope("{\"%s\":{\"type\":\"linear\",\"factor\":4}}".formatted(key)));
    assertEquals(
        new RopeConfig.Dynamic(10_000, 2.5, 256),
        rope("{\"%s\":{\"rope_type\":\"dynamic\",\"factor\":2.5}}".formatted(key)));
  }

  @Test
  void llama3_isRead() throws IOException {
    RopeConfig rope = ConfigFixture.read(folder, ConfigFixture.text("llama3_scaled_untied")).rope();
    assertEquals(new RopeConfig.Llama3(500_000, 8, 1, 4, 64), rope);
  }

  @Test
  void yarn_hasTheReferencesDefaults() throws IOException {
    RopeConfig rope =
        rope(
            """
            {"rope_scaling":{"rope_type":"yarn","factor":4.0,
             "original_max_position_embeddings":64}}""");
    double attention = 0.1 * Math.log(4) + 1;
    assertEquals(new RopeConfig.Yarn(10_000, 4, attention, 32, 1, 64, true), rope);
  }

  @Test
  void yarn_takesItsOwnNumbers() throws IOException {
    RopeConfig rope =
        rope(
            """
            {"rope_scaling":{"type":"yarn","factor":4,"beta_fast":16,"beta_slow":2,
             "mscale":0.5,"mscale_all_dim":2,"truncate":false}}""");
    double attention = (0.05 * Math.log(4) + 1) / (0.2 * Math.log(4) + 1);
    assertEquals(new RopeConfig.Yarn(10_000, 4, attention, 16, 2, 256, false), rope);
    assertEquals(
        1.5,
        ((RopeConfig.Yarn)
                rope(
                    "{\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4,\"attention_factor\":1.5}}"))
            .attentionFactor());
  }

  @Test
  void longRope_takesTheLengthBesideIt() throws IOException {
    var rope =
        (RopeConfig.LongRope)
            ConfigFixture.read(folder, ConfigFixture.text("phi3_longrope_short")).rope();
    assertEquals(64, rope.originalMaxPositions());
    assertEquals(List.of(1.0, 1.1, 1.2), rope.shortFactor().subList(0, 3));
    assertEquals(8, rope.longFactor().size());
    // 256 / 64 positions, ln 4 / ln 64 = 1/3
    assertEquals(Math.sqrt(4.0 / 3), rope.attentionFactor(), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"su", "yarn", "longrope"})
  void longRope_hasOldNames(String type) throws IOException {
    assertTrue(rope(longRope(type, 8, 8)) instanceof RopeConfig.LongRope);
  }

  private static String longRope(String type, int shortLength, int longLength) {
    return "{\"rope_scaling\":{\"type\":\"%s\",\"factor\":4,\"short_factor\":%s,\"long_factor\":%s}}"
        .formatted(
            type, Collections.nCopies(shortLength, 1.0), Collections.nCopies(longLength, 2.0));
  }

  @ParameterizedTest
  @CsvSource({
    "7, 8, rope_scaling.short_factor must be a list of 8 numbers",
    "8, 9, rope_scaling.long_factor must be a list of 8 numbers",
    "8, 0, rope_scaling.long_factor must be a list of 8 numbers",
  })
  void longRopeListOfWrongLength_isNamed(int shortLength, int longLength, String expected) {
    assertFault(longRope("longrope", shortLength, longLength), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"spiral"}             | rope_scaling.type must be one of default, linear, dynamic, llama3, yarn, longrope, proportional, found "spiral"
          {"rope_type":"ntk"}          | rope_scaling.rope_type must be one of
          {"rope_type":3}              | rope_scaling.rope_type must be a string
          {"factor":2}                 | rope_scaling.rope_type is missing
          {"type":"linear"}            | rope_scaling.factor is missing
          {"type":"linear","factor":0} | rope_scaling.factor must be a finite number above 0, found 0
          {"type":"linear","factor":"2"} | rope_scaling.factor must be a finite number above 0, found "2"
          {"type":"dynamic"}           | rope_scaling.factor is missing
          {"type":"yarn"}              | rope_scaling.factor is missing
          {"type":"yarn","factor":2,"beta_fast":1,"beta_slow":3} | rope_scaling.beta_slow must not be above
          {"type":"yarn","factor":2,"mscale":"a"} | rope_scaling.mscale must be a finite number
          {"type":"longrope","long_factor":[1,1,1,1,1,1,1,1]} | rope_scaling.short_factor is missing
          {"type":"longrope","short_factor":[1,1,1,1,1,1,1,0],"long_factor":[1,1,1,1,1,1,1,1]} | rope_scaling.short_factor must hold finite numbers above 0
          {"type":"llama3","factor":8,"high_freq_factor":4} | rope_scaling.low_freq_factor is missing
          {"type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4} | rope_scaling.low_freq_factor must be below
          {"type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":1} | rope_scaling.original_max_position_embeddings must be at least 2
          [2]                          | rope_scaling must be an object
          """)
  void wrongRope_isNamed(String rope, String expected) {
    assertFault("{\"rope_scaling\":" + rope + "}", expected);
  }

  private void assertFault(String changes, String expected) {
    String message = assertThrows(CheckpointException.class, () -> rope(changes)).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
