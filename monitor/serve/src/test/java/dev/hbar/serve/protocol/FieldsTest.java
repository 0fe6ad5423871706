package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.engine.ApiException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FieldsTest {
  private static Fields fields(String json) throws Exception {
    return Fields.of((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  private static void assertNames(String field, Executable reading) {
    ApiException refused = assertThrows(ApiException.class, reading);
    assertEquals(field, refused.field().orElseThrow());
    assertTrue(refused.getMessage().startsWith(field + ": "), refused.getMessage());
    assertEquals(ApiException.Kind.INVALID, refused.kind());
  }

  @Test
  void nullField_countsAsAbsent() throws Exception {
    Fields fields = fields("{'a': null}");
    assertFalse(fields.has("a"));
    assertEquals(Optional.empty(), fields.text("a"));
    assertTrue(fields.flag("a", true));
    assertTrue(fields.number("a", 0, 1).isEmpty());
    assertEquals(List.of(), fields.list("a"));
    fields.refuse("is not supported", "a");
  }

  @Test
  void numbers_areTakenUpToTheirBounds() throws Exception {
    Fields fields = fields("{'low': 1, 'high': 3, 'over': 3.0000001, 'half': 1.5, 'whole': 2.0}");
    assertEquals(1, fields.number("low", 1, 3).orElseThrow());
    assertEquals(3, fields.number("high", 1, 3).orElseThrow());
    assertNames("over", () -> fields.number("over", 1, 3));
    assertNames("low", () -> fields.number("low", 1.0000001, 3));
    assertEquals(3, fields.integer("high", 1, 3).orElseThrow());
    assertNames("high", () -> fields.integer("high", 1, 2));
    assertEquals(1, fields.integer("low", 1, 3).orElseThrow());
    assertNames("low", () -> fields.integer("low", 2, 3));
    assertNames("half", () -> fields.integer("half", 1, 3));
    assertEquals(2, fields.integer("whole", 1, 3).orElseThrow());
  }

  @Test
  void valueInAnError_isCutBehindFortyCharacters() throws Exception {
    for (int length : new int[] {38, 39}) {
      String text = "x".repeat(length);
      Fields fields = fields("{'a': '" + text + "'}");
      String shown = length == 38 ? '"' + text + '"' : '"' + text + "...";
      assertEquals(
          "a: must be a whole number from 1 to 3: " + shown,
          assertThrows(ApiException.class, () -> fields.integer("a", 1, 3)).getMessage());
    }
  }

  @Test
  void wideNumbers_are64Bits() throws Exception {
    Fields fields =
        fields("{'most': 9223372036854775807, 'over': 9223372036854775808, 'text': '1'}");
    assertEquals(Long.MAX_VALUE, fields.wide("most").orElseThrow());
    assertNames("over", () -> fields.wide("over"));
    assertNames("text", () -> fields.wide("text"));
  }

  @Test
  void nestedField_isNamedByItsPath() throws Exception {
    Fields fields = fields("{'a': [{'b': {'c': 5}}, {'b': 'x'}, 7]}");
    assertNames("a[2]", () -> fields.objects("a"));
    Fields two = fields("{'a': [{'b': {'c': 5}}, {'b': 'x'}]}");
    List<Fields> entries = two.objects("a");
    assertNames("a[0].b.c", () -> entries.get(0).object("b").orElseThrow().text("c"));
    assertNames("a[1].b", () -> entries.get(1).object("b"));
    assertNames("a[1].d", () -> entries.get(1).requiredText("d"));
  }

  @Test
  void textsAreOneOrSeveral_butNothingElse() throws Exception {
    Fields fields = fields("{'one': 'a', 'two': ['a', 'b'], 'mixed': ['a', 1], 'number': 1}");
    assertEquals(List.of("a"), fields.texts("one"));
    assertEquals(List.of("a", "b"), fields.texts("two"));
    assertNames("mixed", () -> fields.texts("mixed"));
    assertNames("number", () -> fields.texts("number"));
  }

  @Test
  void refusedField_saysWhy() throws Exception {
    Fields fields = fields("{'suffix': 'x'}");
    ApiException refused =
        assertThrows(
            ApiException.class, () -> fields.refuse("is not supported: why", "other", "suffix"));
    assertEquals("suffix: is not supported: why", refused.getMessage());
  }
}
