package dev.hbar.model.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What Python's Jinja2 made of many templates; a head and one line each. */
record OracleFile(JsonNode head, List<JsonNode> lines) {

  private static final long PATIENCE = 30_000;

  static OracleFile read(String resource) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(OracleFile.class.getResourceAsStream(resource)),
                StandardCharsets.US_ASCII))) {
      JsonNode head = json.readTree(reader.readLine());
      List<JsonNode> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(json.readTree(line));
      }
      return new OracleFile(head, lines);
    }
  }

  ZonedDateTime now() {
    return LocalDateTime.parse(head.get("now").asText()).atZone(ZoneOffset.UTC);
  }

  static Map<String, Object> variables(JsonNode node) {
    Map<String, Object> variables = new LinkedHashMap<>();
    node.properties().forEach(field -> variables.put(field.getKey(), field.getValue()));
    return variables;
  }

  /** The difference between what was wanted, null for an error, and what our engine gives. */
  Optional<String> difference(String source, Map<String, Object> variables, JsonNode wanted) {
    String expected = wanted.isNull() ? null : wanted.asText();
    String actual;
    String error = "";
    try {
      actual = Template.parse(source).render(variables, now(), PATIENCE);
    } catch (TemplateException e) {
      actual = null;
      error = e.reason() + ", line " + e.line() + ": " + e.getMessage();
    }
    return Objects.equals(expected, actual)
        ? Optional.empty()
        : Optional.of("%s%n  wanted %s%n  got    %s %s".formatted(source, expected, actual, error));
  }
}
