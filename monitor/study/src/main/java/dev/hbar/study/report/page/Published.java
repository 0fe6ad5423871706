package dev.hbar.study.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of the study's published figures (January 2026), as its result files have them.
 *
 * @param model of mlx-community
 * @param set calibration or validation
 * @param samples scored
 */
record Published(String model, String set, int samples, double aurocHbar, double aurocPri) {
  /** All of them. */
  static List<Published> all() {
    try (InputStream in = Published.class.getResourceAsStream("published.json")) {
      List<Published> lines = new ArrayList<>();
      for (JsonNode line : new JsonMapper().readTree(in)) {
        lines.add(
            new Published(
                line.path("model").asText(),
                line.path("set").asText(),
                line.path("samples").asInt(),
                line.path("auroc_hbar").asDouble(),
                line.path("auroc_pri").asDouble()));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double auroc(String signal) {
    return signal.equals("pri") ? aurocPri : aurocHbar;
  }
}
