package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternShapeTest {

  /** Every pattern here stands in the tokenizer.json of a published model. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
        "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))*((?=[\\p{L}])([^A-Z]))+|\\s+(?!\\S)",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+",
        "\\p{N}{1,3}(?=(?:\\p{N}{3})*\\b)",
        "(?=(\\d{3})+(?!\\d))|[0-9]",
        "[0-9][0-9][0-9]",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "[一-龥\\x{800}-\\u4e00ｦ-ﾟ]+",
        "\\s+"
      })
  void patternOfAPublishedModel_isAccepted(String pattern) {
    assertTrue(PatternShape.narrowest(pattern) >= 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "abc 3",
        "a* 0",
        "a+ 1",
        "ab? 1",
        "a{3} 3",
        "a{3,} 3",
        "a{,3} 0",
        "(?:ab|c) 1",
        "ab|cde| 0",
        "^ 0",
        "\\b 0",
        "(?=w) 0",
        "(?<=a)b 1",
        "(?i)xy 2",
        "(?i:xy) 2",
        "(?<n>xyz){2} 6",
        "[a]] 2",
        "[]a]b 2",
        "[[:alpha:]_]x 2",
        "\\p{L}\\x41 2",
        "a{x 3",
        "a+? 1",
        "a*+b 1",
        "(?#note)a 1",
        "\\(\\[ 2",
        "(?>ab) 2"
      })
  void pattern_takesAtLeastSoManyCharacters(String pattern, int narrowest) {
    assertEquals(narrowest, PatternShape.narrowest(pattern));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$", "(a*)*", "(?:a|aa)+b", "(a?a)*b", "((a{1,3}))+", "(?:x+y*){2,}", "(a)\\1",
            "\\k<n>",
        "(?<x>a\\g<x>?b)", "(?~abc)", "(a", "a)", "[a", "a\\", "(?(1)a|b)", "(?{code})"
      })
  void patternThatMayNeverEndOrIsUnknown_isRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> PatternShape.narrowest(pattern));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "(?:"})
  void nestingWithoutEnd_isRefusedWithoutOverflow(String open) {
    String deep = open.repeat(9_000 / open.length());
    assertThrows(IllegalArgumentException.class, () -> PatternShape.narrowest(deep));
  }
}
