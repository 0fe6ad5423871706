package dev.hbar.model.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a text has to look like. Any thread. */
public final class Grammar {
  private final Rule rule;

  private Grammar(Rule rule) {
    this.rule = rule;
  }

  Rule rule() {
    return rule;
  }

  /** Any JSON object. */
  public static Grammar jsonObject() {
    return new Grammar(new JsonRules().object());
  }

  /**
   * JSON that a schema accepts, its properties in the schema's order and no others where it names
   * any. Annotations are passed over.
   *
   * @throws IllegalArgumentException naming the keyword that is not understood, by its path
   */
  public static Grammar ofSchema(JsonNode schema) {
    return new Grammar(new SchemaReader(schema, new JsonRules()).read());
  }

  /**
   * One call of a function: {@code {"name": ..., "arguments": {...}}}.
   *
   * @param parameters a schema of the arguments by name of the function, at least one
   * @throws IllegalArgumentException as {@link #ofSchema}
   */
  public static Grammar ofCall(Map<String, JsonNode> parameters) {
    JsonRules json = new JsonRules();
    List<Rule> calls = new ArrayList<>();
    parameters.forEach(
        (name, schema) -> {
          Rule arguments = new SchemaReader(schema, json).readArguments();
          List<JsonRules.Member> members =
              List.of(
                  new JsonRules.Member("name", json.literal(name), true),
                  new JsonRules.Member("arguments", arguments, true));
          calls.add(json.object(members));
        });
    return new Grammar(Rule.choice(calls));
  }
}
