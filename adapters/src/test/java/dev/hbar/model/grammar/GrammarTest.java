package dev.hbar.model.grammar;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a grammar lets through is what the schema means. */
class GrammarTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SIGNS = "{}[]\":,1tn";

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }

  private static boolean fits(Grammar grammar, String text) {
    Automaton.State state = new Automaton(grammar.rule()).start();
    for (byte value : text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)) {
      state = state.after(value & 0xFF);
    }
    return state.isAccepting();
  }

  private static void assertLanguage(String schema, String[] inside, String[] outside)
      throws Exception {
    Grammar grammar = Grammar.ofSchema(json(schema));
    for (String text : inside) {
      assertTrue(fits(grammar, text), schema + " must take " + text);
    }
    for (String text : outside) {
      assertTrue(!fits(grammar, text), schema + " must not take " + text);
    }
  }

  @Test
  void scalar_isOfItsTypeAndWithinItsBounds() throws Exception {
    assertLanguage(
        "{'type': 'integer', 'minimum': -3, 'maximum': 112}",
        new String[] {"-3", "-1", "0", "9", "10", "99", "100", "112"},
        new String[] {"-4", "-0", "113", "120", "00", "01", "1.0", "1e1", ""});
    assertLanguage(
        "{'type': 'integer', 'exclusiveMinimum': 0, 'exclusiveMaximum': 10}",
        new String[] {"1", "9"},
        new String[] {"0", "10", "-1"});
    assertLanguage(
        "{'type': 'number', 'exclusiveMinimum': 0, 'maximum': 2}",
        new String[] {"0.5", "1", "1.25", "2", "0.0001"},
        new String[] {"0", "0.0", "-0.5", "2.5", "2.01", "3"});
    assertLanguage(
        "{'type': 'number', 'minimum': -1.5, 'maximum': -0.5}",
        new String[] {"-1"},
        new String[] {"0", "-2", "1", "-1.75", "-0.25"});
    assertLanguage(
        "{'type': 'number'}",
        new String[] {"0", "-0", "-1.5", "12e3", "1.5E-10"},
        new String[] {"01", ".5", "1.", "+1", "NaN", "1e"});
    assertLanguage(
        "{'type': ['boolean', 'null']}",
        new String[] {"true", "false", "null"},
        new String[] {"True", "'true'", "0"});
  }

  @Test
  void text_isCountedInCharactersAndEscaped() throws Exception {
    assertLanguage(
        "{'type': 'string', 'minLength': 2, 'maxLength': 3}",
        new String[] {"'ab'", "'äö€'", "'\\n\\u00e4'", "'😀😀'"},
        new String[] {"'a'", "'abcd'", "'a\nb'", "ab", "'a\\x'", "'\\ud800a'"});
    assertLanguage(
        "{'type': 'string', 'format': 'date'}",
        new String[] {"'2024-02-28'", "'1999-12-01'"},
        new String[] {"'2024-13-01'", "'2024-2-1'", "'2024-01-00'"});
    assertLanguage(
        "{'enum': ['a', 'ä', 3, null]}",
        new String[] {"'a'", "'ä'", "3", "null"},
        new String[] {"a", "'b'", "33"});
  }

  @Test
  void object_hasItsMembersInOrderAndNoOthers() throws Exception {
    String schema =
        "{'type': 'object', 'properties': {'a': {'type': 'integer'}, 'b': {'const': 1}, 'c': {}},"
            + " 'required': ['b']}";
    assertLanguage(
        schema,
        new String[] {
          "{'b':1}", "{'a': 5, 'b': 1}", "{\n  'b': 1,\n  'c': [{}, 'x']\n}", "{'a':1,'b':1,'c':0}"
        },
        new String[] {
          "{}", "{'a':1}", "{'b':1,'a':1}", "{'b':1,}", "{'b':1,'d':1}", "{,'b':1}", "{'b':2}"
        });
    assertLanguage(
        "{'type': 'object', 'additionalProperties': {'type': 'integer'}}",
        new String[] {"{}", "{'x': 1, 'y': 2}"},
        new String[] {"{'x': 'y'}", "[]"});
  }

  @Test
  void array_hasAsManyItemsAsItMay() throws Exception {
    assertLanguage(
        "{'type': 'array', 'items': {'type': 'integer'}, 'minItems': 1, 'maxItems': 2}",
        new String[] {"[1]", "[1, 2]", "[ 1,2 ]"},
        new String[] {"[]", "[1,2,3]", "[1,]", "['a']"});
    assertLanguage(
        "{'type': 'array', 'items': {'type': 'null'}, 'maxItems': 0}",
        new String[] {"[]"},
        new String[] {"[null]"});
    assertLanguage(
        "{'prefixItems': [{'type': 'integer'}, {'type': 'string'}], 'type': 'array'}",
        new String[] {"[1, 'a']"},
        new String[] {"[1]", "['a', 1]", "[1,'a',1]"});
  }

  @Test
  void reference_mayContainItself() throws Exception {
    assertLanguage(
        "{'$ref': '#/$defs/node', '$defs': {'node': {'type': 'object', 'properties': {'next':"
            + " {'anyOf': [{'$ref': '#/$defs/node'}, {'type': 'null'}]}}, 'required': ['next']}}}",
        new String[] {"{'next':null}", "{'next':{'next':{'next':null}}}"},
        new String[] {"null", "{'next':{}}", "{'next':{'next':null}"});
  }

  @Test
  void keywordThatCannotBeEnforced_isNamedByItsPath() throws Exception {
    String[][] wrong = {
      {"{'type': 'string', 'pattern': 'a+'}", "schema pattern: "},
      {"{'properties': {'x': {'not': {}}}}", "schema /properties/x/not: "},
      {"{'type': 'array', 'uniqueItems': true}", "schema uniqueItems: "},
      {"{'$ref': '#/$defs/gone'}", "schema $ref: "},
      {"{'type': 'float'}", "schema type: "},
      {"{'type': 'string', 'minLength': 5, 'maxLength': 4}", "schema maxLength: "},
      {"{'type': 'integer', 'minimum': 5, 'maximum': 4}", "schema /maximum: "},
    };
    for (String[] each : wrong) {
      JsonNode schema = json(each[0]);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Grammar.ofSchema(schema), each[0]);
      assertTrue(refused.getMessage().startsWith(each[1]), refused.getMessage());
    }
  }

  @Test
  void call_namesAFunctionAndHasItsArguments() throws Exception {
    Map<String, JsonNode> tools = new LinkedHashMap<>();
    tools.put("add", json("{'properties': {'x': {'type': 'integer'}}, 'required': ['x']}"));
    tools.put("now", json("{}"));
    Grammar call = Grammar.ofCall(tools);
    assertTrue(fits(call, "{'name': 'add', 'arguments': {'x': 5}}"));
    assertTrue(fits(call, "{'name':'now','arguments':{'any':[1]}}"));
    assertTrue(!fits(call, "{'name':'add','arguments':{}}"));
    assertTrue(!fits(call, "{'name':'sub','arguments':{}}"));
  }

  @Test
  void randomWalks_giveJsonThatAParserTakes() throws Exception {
    Automaton automaton = new Automaton(Grammar.jsonObject().rule());
    Random random = new Random(5);
    int parsed = 0;
    for (int i = 0; i < 3000; i++) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      Automaton.State state = automaton.start();
      while (!state.isAccepting() && text.size() < 400) {
        boolean any = random.nextInt(4) == 0;
        int value = any ? random.nextInt(256) : SIGNS.charAt(random.nextInt(SIGNS.length()));
        if (!state.after(value).isDead()) {
          state = state.after(value);
          text.write(value);
        }
      }
      if (state.isAccepting()) {
        assertTrue(JSON.readTree(text.toByteArray()).isObject());
        parsed++;
      }
    }
    assertTrue(parsed > 300, parsed + " walks ended");
  }
}
