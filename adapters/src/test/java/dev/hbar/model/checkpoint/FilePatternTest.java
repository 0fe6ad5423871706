package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilePatternTest {
  private static final String NAME = "model.layers.11.self_attn.q_proj";

  @ParameterizedTest
  @CsvSource({
    "'(.*\\.)?(q_proj)', true",
    "'(.*\\.)?(layers\\.11\\..*)', true",
    "'(.*\\.)?(v_proj)', false",
    "'(.*\\.)?(layers\\.1\\..*)', false"
  })
  void soundPattern_matchesWholeNames(String pattern, boolean matches) {
    assertEquals(matches, FilePattern.matches(pattern, NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {".*.*.*.*.*.*.*!", "(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*!"})
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void patternWithoutEnd_isGivenUp(String pattern) {
    assertThrows(PatternSyntaxException.class, () -> FilePattern.matches(pattern, NAME + NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "*"})
  void noPattern_isSaid(String pattern) {
    assertThrows(PatternSyntaxException.class, () -> FilePattern.matches(pattern, NAME));
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000})
  void deepPattern_isRefused(int depth) {
    String pattern = "(".repeat(depth) + "a" + ")".repeat(depth);
    assertThrows(PatternSyntaxException.class, () -> FilePattern.matches(pattern, NAME));
  }
}
