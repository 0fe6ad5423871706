package dev.hbar.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our engine against Python's Jinja2 as transformers sets it up
 * (scripts/fixtures/template_published.py and template_fuzz.py).
 */
class TemplateOracleTest {
  /** Beyond these no other is looked for: a broken engine differs nearly everywhere. */
  private static final int MOST_DIFFERENCES = 10;

  @Test
  void publishedTemplates_giveWhatJinja2Gives() throws IOException {
    OracleFile oracle = OracleFile.read("/template/published.jsonl.gz");
    List<String> names = new ArrayList<>();
    List<Map<String, Object>> conversations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : oracle.head().get("conversations").properties()) {
      names.add(entry.getKey());
      conversations.add(OracleFile.variables(entry.getValue()));
    }
    List<String> differences = new ArrayList<>();
    int renderings = 0;
    for (JsonNode line : oracle.lines()) {
      for (int i = 0; i < conversations.size() && differences.size() < MOST_DIFFERENCES; i++) {
        String where = line.get("origin") + " " + line.get("name") + " " + names.get(i);
        oracle
            .difference(
                line.get("template").asText(), conversations.get(i), line.get("texts").get(i))
            .ifPresent(difference -> differences.add(where + ": " + difference));
        renderings++;
      }
    }
    assertEquals(List.of(), differences);
    assertEquals(197 * 25, renderings);
  }

  @ParameterizedTest
  @CsvSource({"fuzz, 20000", "autoescape, 4000"})
  void randomTemplates_giveWhatJinja2Gives(String file, int templates) throws IOException {
    OracleFile oracle = OracleFile.read("/template/" + file + ".jsonl.gz");
    List<Map<String, Object>> contexts = new ArrayList<>();
    oracle.head().get("contexts").forEach(node -> contexts.add(OracleFile.variables(node)));
    List<String> differences = new ArrayList<>();
    for (JsonNode line : oracle.lines()) {
      if (differences.size() == MOST_DIFFERENCES) {
        break;
      }
      oracle
          .difference(line.get(1).asText(), contexts.get(line.get(0).asInt()), line.get(2))
          .ifPresent(differences::add);
    }
    assertEquals(List.of(), differences);
    assertEquals(templates, oracle.lines().size());
  }
}
