package dev.hbar.model.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/**
 * Which parameters of the tools on offer are texts: formats without quotes do not tell {@code 2}
 * from {@code "2"}.
 */
public final class ParameterTypes {
  /** No tools. */
  public static final ParameterTypes UNKNOWN = new ParameterTypes(Set.of());

  private final Set<String> texts;

  private ParameterTypes(Set<String> texts) {
    this.texts = Set.copyOf(texts);
  }

  /**
   * Of tools as chat templates take them.
   *
   * @param tools a list of {@code {"function": {"name", "parameters": {"properties"}}}}
   */
  public static ParameterTypes of(JsonNode tools) {
    Set<String> texts = new HashSet<>();
    for (JsonNode tool : tools) {
      JsonNode function = tool.has("function") ? tool.get("function") : tool;
      String name = function.path("name").asText();
      for (var property : function.path("parameters").path("properties").properties()) {
        if (property.getValue().path("type").asText().equals("string")) {
          texts.add(name + " " + property.getKey());
        }
      }
    }
    return new ParameterTypes(texts);
  }

  boolean isText(String function, String parameter) {
    return texts.contains(function + " " + parameter);
  }
}
