package dev.hbar.model.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** One option of a list of schemas together with what stands beside the list and holds as well. */
final class JoinedSchema {
  /** Keywords whose value is a list of schemas. */
  static final List<String> LISTS = List.of("anyOf", "oneOf", "allOf");

  private static final Set<String> ALONE = Set.of("anyOf", "oneOf", "allOf", "$ref");

  private static final List<String> KEYWORDS =
      List.of(
          ("anyOf oneOf allOf type const enum properties required additionalProperties items"
                  + " prefixItems minItems maxItems minLength maxLength pattern format minimum"
                  + " maximum exclusiveMinimum exclusiveMaximum")
              .split(" "));

  private JoinedSchema() {}

  /**
   * The option at an index of a list.
   *
   * @throws IllegalArgumentException if what stands beside the list cannot be said in one schema
   *     with it
   */
  static JsonNode of(JsonNode schema, String list, int index, String path) {
    JsonNode given = schema.get(list).get(index);
    boolean saysNothing = given.isBoolean() && given.booleanValue();
    JsonNode option = saysNothing ? JsonNodeFactory.instance.objectNode() : given;
    List<String> beside =
        KEYWORDS.stream().filter(keyword -> !keyword.equals(list) && schema.has(keyword)).toList();
    if (beside.isEmpty() || !option.isObject()) {
      return option;
    }
    ObjectNode both = option.deepCopy();
    for (String keyword : beside) {
      if (ALONE.contains(keyword) || ALONE.stream().anyMatch(option::has)) {
        throw beside(path, keyword, list);
      }
      both.set(keyword, joined(keyword, schema.get(keyword), option.path(keyword), path, list));
    }
    boolean closes = schema.has("additionalProperties") || option.has("additionalProperties");
    boolean same = schema.path("properties").equals(both.path("properties"));
    if (closes && !(same && option.path("properties").equals(both.path("properties")))) {
      throw beside(path, "additionalProperties", list);
    }
    return both;
  }

  private static JsonNode joined(
      String keyword, JsonNode mine, JsonNode theirs, String path, String list) {
    if (theirs.isMissingNode() || theirs.equals(mine)) {
      return mine;
    }
    boolean sets = keyword.equals("properties") || keyword.equals("required");
    if (!sets || mine.getNodeType() != theirs.getNodeType()) {
      throw beside(path, keyword, list);
    }
    JsonNode all = mine.deepCopy();
    if (all instanceof ObjectNode members) {
      for (var member : theirs.properties()) {
        JsonNode known = members.path(member.getKey());
        if (!known.isMissingNode() && !known.equals(member.getValue())) {
          throw beside(path, "properties/" + member.getKey(), list);
        }
        members.set(member.getKey(), member.getValue());
      }
    } else {
      theirs.forEach(((ArrayNode) all)::add);
    }
    return all;
  }

  private static IllegalArgumentException beside(String path, String keyword, String list) {
    return SchemaReader.wrong(
        path, keyword, "is not supported beside " + list + ": write it into each option");
  }

  /** Whether a schema says anything about a value. */
  static boolean says(JsonNode schema) {
    return KEYWORDS.stream().anyMatch(schema::has);
  }
}
