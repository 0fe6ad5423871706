package dev.hbar.study.scores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Headers of files that were written before a header could tell of more than one dataset file. */
final class EarlierHeader {
  private static final List<String> SELECTION = List.of("task", "skip", "records");

  private EarlierHeader() {}

  /** The header in today's form; one that has it already is returned as it is. */
  static JsonNode upgraded(JsonNode header) {
    JsonNode settings = header.path("settings");
    if (header.has("selection") || !settings.path("task").isTextual()) {
      return header;
    }
    ObjectNode upgraded = header.deepCopy();
    ObjectNode hashes = upgraded.objectNode();
    hashes.set(settings.get("task").textValue(), header.get("data_sha256"));
    upgraded.set("data_sha256", hashes);
    ObjectNode selection = upgraded.objectNode();
    ObjectNode others = (ObjectNode) upgraded.get("settings");
    SELECTION.forEach(name -> selection.set(name, others.remove(name)));
    upgraded.set("selection", selection);
    return upgraded;
  }
}
