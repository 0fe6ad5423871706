package dev.hbar.model.grammar;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes rules of a JSON Schema. What it cannot enforce it refuses by name. */
final class SchemaReader {
  private static final List<String> REFUSED =
      List.of(
          "not",
          "if",
          "then",
          "else",
          "allOf",
          "patternProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "minProperties",
          "maxProperties",
          "unevaluatedProperties",
          "contains",
          "uniqueItems",
          "multipleOf",
          "$dynamicRef");

  /** Of what type a value is taken to be that has this keyword and no type; the first counts. */
  private static final Map<String, String> TYPES = new LinkedHashMap<>();

  static {
    List.of("properties", "required", "additionalProperties")
        .forEach(keyword -> TYPES.put(keyword, "object"));
    List.of("items", "prefixItems", "minItems", "maxItems")
        .forEach(keyword -> TYPES.put(keyword, "array"));
    List.of("minLength", "maxLength", "pattern").forEach(keyword -> TYPES.put(keyword, "string"));
    List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        .forEach(keyword -> TYPES.put(keyword, "number"));
  }

  private static final int MOST_REPEATS = 10_000;

  private final JsonNode root;
  private final JsonRules json;
  private final Map<String, Rule.Named> named = new HashMap<>();

  SchemaReader(JsonNode root, JsonRules json) {
    this.root = root;
    this.json = json;
  }

  Rule read() {
    return read(root, "");
  }

  /** Of a function's arguments, which are an object whatever the schema says. */
  Rule readArguments() {
    return root.isObject() && root.has("properties") ? read() : json.object();
  }

  static IllegalArgumentException wrong(String path, String keyword, String problem) {
    String at = path.isEmpty() ? keyword : path + "/" + keyword;
    return new IllegalArgumentException("schema " + at + ": " + problem);
  }

  private Rule read(JsonNode schema, String path) {
    if (schema.isBoolean() && schema.booleanValue()) {
      return json.value();
    }
    if (!schema.isObject()) {
      throw wrong(path, "", "must be an object");
    }
    for (String keyword : REFUSED) {
      JsonNode value = schema.path(keyword);
      boolean harmless =
          keyword.equals("allOf") && value.size() == 1 || value.isBoolean() && !value.asBoolean();
      if (!value.isMissingNode() && !harmless) {
        throw wrong(path, keyword, "is not supported");
      }
    }
    if (schema.has("$ref")) {
      return reference(schema.get("$ref").asText(), path);
    }
    for (String keyword : JoinedSchema.LISTS) {
      if (schema.has(keyword)) {
        return options(schema, keyword, path);
      }
    }
    if (schema.has("const")) {
      return values(schema, "const", List.of(schema.get("const")), path);
    }
    if (schema.has("enum")) {
      return values(schema, "enum", schema.get("enum"), path);
    }
    return typed(schema, path);
  }

  private Rule options(JsonNode schema, String keyword, String path) {
    List<Rule> options = new ArrayList<>();
    for (int i = 0; i < schema.get(keyword).size(); i++) {
      String place = path + "/" + keyword + "/" + i;
      options.add(read(JoinedSchema.of(schema, keyword, i, place), place));
    }
    return Rule.choice(options);
  }

  /** Those of some values that also fit what stands beside them. */
  private Rule values(JsonNode schema, String keyword, Iterable<JsonNode> values, String path) {
    ObjectNode rest = schema.deepCopy();
    rest.remove(List.of("const", "enum"));
    Automaton.State beside = new Automaton(typed(rest, path)).start();
    List<Rule> fitting = new ArrayList<>();
    for (JsonNode value : values) {
      String text = value.toString();
      if (!JoinedSchema.says(rest) || beside.after(text).isAccepting()) {
        fitting.add(Rule.text(text));
      }
    }
    if (fitting.isEmpty()) {
      throw wrong(path, keyword, "has no value that fits what stands beside it");
    }
    return Rule.choice(fitting);
  }

  /** Inside the schema only; one that contains itself is a rule that does. */
  private Rule reference(String reference, String path) {
    Rule.Named known = named.get(reference);
    if (known != null) {
      return known;
    }
    JsonNode target =
        reference.equals("#") || reference.startsWith("#/")
            ? root.at(JsonPointer.compile(reference.substring(1)))
            : JsonNodeFactory.instance.missingNode();
    if (target.isMissingNode()) {
      throw wrong(path, "$ref", "leads nowhere in this schema: " + reference);
    }
    Rule.Named rule = new Rule.Named();
    named.put(reference, rule);
    rule.set(read(target, reference.substring(1)));
    return rule;
  }

  private Rule typed(JsonNode schema, String path) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      List<Rule> options = new ArrayList<>();
      type.forEach(one -> options.add(ofType(one.asText(), schema, path)));
      return Rule.choice(options);
    }
    if (type.isTextual()) {
      return ofType(type.textValue(), schema, path);
    }
    for (var keyword : TYPES.entrySet()) {
      if (schema.has(keyword.getKey())) {
        return ofType(keyword.getValue(), schema, path);
      }
    }
    return json.value();
  }

  private Rule ofType(String type, JsonNode schema, String path) {
    return switch (type) {
      case "object" -> object(schema, path);
      case "array" -> array(schema, path);
      case "string" -> string(schema, path);
      case "integer" -> new NumberRules(schema, path, json).integer();
      case "number" -> new NumberRules(schema, path, json).number();
      case "boolean" -> Rule.choice(Rule.text("true"), Rule.text("false"));
      case "null" -> Rule.text("null");
      default -> throw wrong(path, "type", "is none of JSON's: " + type);
    };
  }

  private Rule string(JsonNode schema, String path) {
    int least = count(schema, "minLength", path, 0);
    int most = count(schema, "maxLength", path, Rule.Repeat.UNBOUNDED);
    if (schema.has("pattern")) {
      throw wrong(path, "pattern", "is not supported: say it in the description, or use an enum");
    }
    requireOrder(least, most, path, "maxLength");
    Rule formatted = TextFormats.KNOWN.get(schema.path("format").asText());
    boolean free = least == 0 && most == Rule.Repeat.UNBOUNDED;
    return formatted != null && free ? JsonRules.quoted(formatted) : json.string(least, most);
  }

  private Rule array(JsonNode schema, String path) {
    int least = count(schema, "minItems", path, 0);
    int most = count(schema, "maxItems", path, Rule.Repeat.UNBOUNDED);
    requireOrder(least, most, path, "maxItems");
    JsonNode first = schema.path("prefixItems");
    if (first.isArray()) {
      List<Rule> items = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        items.add(read(first.get(i), path + "/prefixItems/" + i));
      }
      if (least > items.size() || most >= 0 && most < items.size()) {
        throw wrong(path, "prefixItems", "must be as many as minItems and maxItems say");
      }
      return json.tuple(items);
    }
    Rule item = schema.has("items") ? read(schema.get("items"), path + "/items") : json.value();
    return json.array(item, least, most);
  }

  private Rule object(JsonNode schema, String path) {
    JsonNode properties = schema.path("properties");
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<JsonRules.Member> members = new ArrayList<>();
    for (var property : properties.properties()) {
      String name = property.getKey();
      Rule value = read(property.getValue(), path + "/properties/" + name);
      members.add(new JsonRules.Member(name, value, required.remove(name)));
    }
    JsonNode further = schema.path("additionalProperties");
    boolean closed = further.isBoolean() && !further.booleanValue();
    if (!required.isEmpty() && closed) {
      throw wrong(path, "required", "names what properties does not have: " + required);
    }
    Rule other = further.isObject() ? read(further, path + "/additionalProperties") : json.value();
    if (members.isEmpty() && required.isEmpty() && !closed) {
      return json.objectOf(other);
    }
    required.stream()
        .sorted()
        .forEach(name -> members.add(new JsonRules.Member(name, other, true)));
    return json.object(members);
  }

  private static int count(JsonNode schema, String keyword, String path, int otherwise) {
    JsonNode value = schema.path(keyword);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || value.intValue() < 0 || value.intValue() > MOST_REPEATS) {
      throw wrong(path, keyword, "must be a whole number up to " + MOST_REPEATS);
    }
    return value.intValue();
  }

  private static void requireOrder(int least, int most, String path, String keyword) {
    if (most != Rule.Repeat.UNBOUNDED && most < least) {
      throw wrong(path, keyword, "is below the least");
    }
  }
}
