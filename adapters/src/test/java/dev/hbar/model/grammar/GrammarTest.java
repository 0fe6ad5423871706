package dev.hbar.model.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
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
    return new Automaton(grammar.rule()).start().after(text.replace('\'', '"')).isAccepting();
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
  void wholeNumbers_areAllThoseWithinTheBounds() throws Exception {
    int[][] bounds = {
      {-12, -12}, {-105, 7}, {-1, 0}, {0, 0}, {0, 100}, {8, 23}, {99, 101}, {-9, -1}
    };
    for (int[] bound : bounds) {
      Grammar closed =
          Grammar.ofSchema(
              json("{'type':'integer','minimum':%s,'maximum':%s}".formatted(bound[0], bound[1])));
      Grammar open =
          Grammar.ofSchema(
              json(
                  "{'type':'integer','exclusiveMinimum':%s,'exclusiveMaximum':%s}"
                      .formatted(bound[0] - 1, bound[1] + 1)));
      for (int i = -130; i <= 130; i++) {
        boolean within = bound[0] <= i && i <= bound[1];
        assertEquals(within, fits(closed, "" + i), i + " in " + bound[0] + " to " + bound[1]);
        assertEquals(within, fits(open, "" + i), i + " in " + bound[0] + " to " + bound[1]);
      }
    }
  }

  @Test
  void boundsOnOneSideAndBetweenWholeNumbers_areKept() throws Exception {
    assertLanguage(
        "{'type': 'integer', 'minimum': 95.5}",
        new String[] {"96", "100", "1234567"},
        new String[] {"95", "-96", "9"});
    assertLanguage(
        "{'type': 'integer', 'minimum': -9223372036854775808, 'maximum': 9223372036854775807}",
        new String[] {"9223372036854775807", "-9223372036854775808", "0", "-1"},
        new String[] {"9223372036854775808", "-9223372036854775809", "10000000000000000000"});
    assertLanguage(
        "{'type': 'integer', 'exclusiveMaximum': -7.5}",
        new String[] {"-8", "-10", "-100"},
        new String[] {"-7", "0", "8"});
    assertLanguage(
        "{'type': 'integer', 'exclusiveMinimum': 3, 'minimum': 3, 'maximum': 9, 'exclusiveMaximum': 9}",
        new String[] {"4", "8"},
        new String[] {"3", "9"});
    assertLanguage(
        "{'type': 'integer', 'exclusiveMinimum': 2, 'minimum': 5, 'maximum': 7, 'exclusiveMaximum': 9}",
        new String[] {"5", "7"},
        new String[] {"3", "4", "8"});
    assertLanguage(
        "{'type': 'number', 'minimum': 0.5}",
        new String[] {"1", "1.5", "20.25"},
        new String[] {"0", "0.25", "-1.5"});
    assertLanguage(
        "{'type': 'number', 'exclusiveMinimum': 1, 'exclusiveMaximum': 2}",
        new String[] {"1.5", "1.01"},
        new String[] {"1", "2", "2.5", "0.5", "-1.5"});
    assertLanguage(
        "{'type': 'number', 'exclusiveMinimum': -2, 'exclusiveMaximum': -1}",
        new String[] {"-1.5"},
        new String[] {"-1", "-2", "-0.5", "-2.5", "1.5"});
    assertLanguage(
        "{'type': 'number', 'exclusiveMaximum': 1}",
        new String[] {"0", "0.5", "-3.25", "-7"},
        new String[] {"1", "1.5", "2"});
  }

  @Test
  void keywordsWithoutAType_holdForTheTypeThatTheyAreOf() throws Exception {
    assertLanguage("{'minimum': 3}", new String[] {"3", "4.5"}, new String[] {"2", "'x'"});
    assertLanguage("{'maxLength': 1}", new String[] {"''", "'x'"}, new String[] {"'xy'", "1"});
    assertLanguage("{'minItems': 1}", new String[] {"[1]", "[{},2]"}, new String[] {"[]", "1"});
    assertLanguage(
        "{'required': ['a'], 'additionalProperties': {'type': 'integer'}}",
        new String[] {"{'a':1}"},
        new String[] {"{}", "{'a':'x'}"});
    assertLanguage(
        "{'additionalProperties': false}", new String[] {"{}"}, new String[] {"{'a':1}", "[]"});
    assertLanguage("true", new String[] {"1", "{'a':[null]}"}, new String[] {"", "x"});
  }

  @Test
  void whatStandsBesideAListOfSchemas_holdsInEachOption() throws Exception {
    assertLanguage(
        "{'type': 'object', 'properties': {'a': {'type': 'integer'}, 'b': {'type': 'integer'}},"
            + " 'anyOf': [{'required': ['a']}, {'required': ['b']}]}",
        new String[] {"{'a':1}", "{'b':1}", "{'a':1,'b':2}"},
        new String[] {"{}", "{'a':'x'}", "{'c':1}", "{'b':'x'}"});
    assertLanguage(
        "{'properties': {'a': {'type': 'integer'}}, 'required': ['a'], 'oneOf':"
            + " [{'properties': {'b': {'type': 'null'}}, 'required': ['b']}, true]}",
        new String[] {"{'a':1,'b':null}", "{'a':1}"},
        new String[] {"{'b':null}", "{'a':1,'b':2}"});
    assertLanguage(
        "{'type': 'integer', 'allOf': [{'minimum': 3}], 'maximum': 5, 'title': 'few'}",
        new String[] {"3", "5"},
        new String[] {"2", "6", "'x'", "3.5"});
    assertLanguage(
        "{'type': ['string', 'integer'], 'enum': ['a', 1, 2.5, null]}",
        new String[] {"'a'", "1"},
        new String[] {"null", "2.5"});
    assertLanguage(
        "{'anyOf': [{'enum': [1, 2, 3, 'x']}, {'const': 4}], 'type': 'integer', 'minimum': 2}",
        new String[] {"2", "3", "4"},
        new String[] {"1", "'x'", "5"});
    assertLanguage(
        "{'anyOf': [{'$ref': '#/$defs/x'}, {'type': 'null'}], 'default': null, '$defs': {'x':"
            + " {'const': {'k': [true]}}}}",
        new String[] {"null", "{'k':[true]}"},
        new String[] {"{'k':[]}"});
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
      {"{'type': 'number', 'exclusiveMinimum': 1, 'exclusiveMaximum': 1}", "schema /maximum: "},
      {"{'type': 'integer', 'maximum': 1e31}", "schema /maximum: must be a number of up to 30"},
      {"{'type': 'number', 'minimum': -1e999}", "schema /minimum: must be a number of up to 30"},
      {"{'type': 'integer', 'minimum': '5'}", "schema /minimum: must be a number"},
      {"{'type': 'array', 'minItems': 3, 'maxItems': 2}", "schema maxItems: "},
      {"{'type': 'array', 'maxItems': 10001}", "schema maxItems: must be a whole number"},
      {"{'type': 'array', 'minItems': -1}", "schema minItems: must be a whole number"},
      {"{'prefixItems': [{}], 'minItems': 2}", "schema prefixItems: "},
      {"{'prefixItems': [{}, {}], 'maxItems': 1}", "schema prefixItems: "},
      {"{'required': ['a'], 'additionalProperties': false}", "schema required: "},
      {"{'allOf': [{}, {}]}", "schema allOf: is not supported"},
      {"{'properties': {'x': 5}}", "schema /properties/x/: must be an object"},
      {"{'properties': {'x': false}}", "schema /properties/x/: must be an object"},
      {"{'type': 'string', 'enum': [1, 2]}", "schema enum: has no value that fits"},
      {"{'type': 'object', 'anyOf': [{'$ref': '#'}]}", "schema /anyOf/0/type: "},
      {"{'anyOf': [{}], 'oneOf': [{}]}", "schema /anyOf/0/oneOf: "},
      {"{'minimum': 1, 'anyOf': [{'minimum': 2}]}", "schema /anyOf/0/minimum: "},
      {
        "{'properties': {'a': {}}, 'anyOf': [{'properties': {'a': {'type': 'null'}}}]}",
        "schema /anyOf/0/properties/a: "
      },
      {
        "{'additionalProperties': false, 'anyOf': [{'properties': {'a': {}}}]}",
        "schema /anyOf/0/additionalProperties: "
      },
    };
    for (String[] each : wrong) {
      JsonNode schema = json(each[0]);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Grammar.ofSchema(schema), each[0]);
      assertTrue(refused.getMessage().startsWith(each[1]), refused.getMessage());
    }
  }

  @Test
  void keywordThatSaysNothing_isPassedOver() throws Exception {
    assertLanguage(
        "{'type': 'array', 'uniqueItems': false, 'minItems': 10000, 'maxItems': 10000}",
        new String[] {"[" + "1,".repeat(9999) + "1]"},
        new String[] {"[" + "1,".repeat(9998) + "1]"});
    assertLanguage(
        "{'type': 'array', 'prefixItems': [{}, {}], 'minItems': 2, 'maxItems': 2}",
        new String[] {"[1,2]"},
        new String[] {"[1]", "[1,2,3]"});
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
