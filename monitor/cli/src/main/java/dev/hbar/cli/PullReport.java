package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.HuggingFaceName;
import dev.hbar.model.hub.PullResult;
import dev.hbar.model.hub.PulledFile;

/**
 * What a pull brought.
 *
 * @param name the model and its revision
 * @param result a complete one
 */
public record PullReport(HuggingFaceName name, PullResult result) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** One line. */
  public String text() {
    return "%s@%s is in %s (%s files, %s bytes, %s received)"
        .formatted(
            name,
            name.revision(),
            result.snapshot(),
            result.files().size(),
            result.bytes(),
            result.received());
  }

  /** An object with the snapshot's folder and every file. */
  public String json() throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    root.put("model", name.toString());
    root.put("revision", name.revision());
    root.put("commit", result.commit());
    root.put("snapshot", result.snapshot().toString());
    root.put("bytes", result.bytes());
    root.put("received_bytes", result.received());
    ArrayNode files = root.putArray("files");
    for (PulledFile file : result.files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("bytes", file.bytes())
          .put("received_bytes", file.received());
    }
    return JSON.writeValueAsString(root);
  }
}
