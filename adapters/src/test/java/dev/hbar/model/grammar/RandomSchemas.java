package dev.hbar.model.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Schemas of every keyword that is enforced, put together at random. */
final class RandomSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
  private static final double[] BOUNDS = {0, 1, -1, 5, 10, 99, -7, 2.5, -0.5, 100, 1000};
  private static final List<Object> VALUES =
      List.of(1, "x", true, List.of(1), 2.5, "\u00e9\"\\", -3, List.of());

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  /** One whose parts lie within each other as deep as this. */
  ObjectNode next(int depth) {
    ObjectNode schema = JSON.createObjectNode();
    switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0 -> bounds(schema.put("type", "integer"));
      case 1 -> bounds(schema.put("type", "number"));
      case 2 -> text(schema.put("type", "string"));
      case 3 -> schema.put("type", random.nextBoolean() ? "boolean" : "null");
      case 4 -> values(schema);
      case 5 -> schema.putArray("type").add("integer").add("string").add("null");
      case 6 -> schema.put(List.of("minimum", "maxLength", "minItems").get(random.nextInt(3)), 2);
      case 7 -> schema.set("const", JSON.valueToTree(one(VALUES)));
      case 8 -> array(schema.put("type", "array"), depth);
      case 9 -> object(schema.put("type", "object"), depth);
      default -> options(schema, depth);
    }
    return schema;
  }

  private boolean sometimes() {
    return random.nextInt(3) == 0;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void bounds(ObjectNode schema) {
    for (String keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
      if (sometimes()) {
        schema.put(keyword, BOUNDS[random.nextInt(BOUNDS.length)]);
      }
    }
  }

  private void text(ObjectNode schema) {
    if (sometimes()) {
      schema.put("minLength", random.nextInt(4));
    }
    if (sometimes()) {
      schema.put("maxLength", 3 + random.nextInt(4));
    }
    if (sometimes()) {
      schema.put("format", one(List.of("date", "time", "date-time", "uuid")));
    }
  }

  private void values(ObjectNode schema) {
    ArrayNode values = schema.putArray("enum");
    for (int i = 0; i < 3; i++) {
      values.add(JSON.<JsonNode>valueToTree(one(VALUES)));
    }
    if (sometimes()) {
      schema.put("type", one(List.of("string", "integer", "array")));
    }
  }

  private void array(ObjectNode schema, int depth) {
    if (random.nextBoolean()) {
      schema.set("items", next(depth - 1));
    }
    if (sometimes()) {
      schema.put("minItems", random.nextInt(3));
    }
    if (sometimes()) {
      schema.put("maxItems", 2 + random.nextInt(3));
    }
    if (random.nextInt(5) == 0) {
      schema.putArray("prefixItems").add(next(depth - 1)).add(next(depth - 1));
    }
  }

  private void object(ObjectNode schema, int depth) {
    ObjectNode properties = schema.putObject("properties");
    for (String name : NAMES.subList(0, random.nextInt(4))) {
      properties.set(name, next(depth - 1));
    }
    if (random.nextBoolean()) {
      schema.putArray("required").add(one(NAMES)).add("a");
    }
    if (sometimes()) {
      schema.put("additionalProperties", random.nextBoolean());
    } else if (sometimes()) {
      schema.set("additionalProperties", next(depth - 1));
    }
  }

  private void options(ObjectNode schema, int depth) {
    if (sometimes()) {
      schema.setAll(next(depth - 1));
    }
    schema.putArray("anyOf").add(next(depth - 1)).add(next(depth - 1));
  }
}
