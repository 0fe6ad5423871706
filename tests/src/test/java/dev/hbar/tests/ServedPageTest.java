package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server's page comes whole and from nowhere else, and its drift map has its numbers. */
class ServedPageTest {
  private static final Pattern PART =
      Pattern.compile("(?:(?:src|href)=\"(/page/[^\"]+)|from '\\./([^']+))");
  private static final int LAYERS = 30;

  private static RunningServer server;

  @BeforeAll
  static void open() {
    server = RunningServer.watched();
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void everyPartThatThePageNames_isServedByTheServerUnderItsPolicy() throws Exception {
    Deque<String> open = new ArrayDeque<>(List.of("/"));
    Set<String> seen = new LinkedHashSet<>(open);
    while (!open.isEmpty()) {
      HttpResponse<String> part = server.get(open.peek());
      assertEquals(200, part.statusCode(), open.peek());
      String policy = part.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
      assertFalse(policy.contains("unsafe"), policy);
      String body = part.body().replace("http://www.w3.org/2000/svg", "");
      assertFalse(body.matches("(?s).*(src|href|url\\()=?[\"'(]?(https?:)?//.*"), open.peek());
      assertFalse(body.contains("innerHTML"), open.peek());
      open.remove();
      Matcher named = PART.matcher(part.body());
      while (named.find()) {
        String path = named.group(1) == null ? "/page/" + named.group(2) : named.group(1);
        if (seen.add(path)) {
          open.add(path);
        }
      }
    }
    assertTrue(seen.containsAll(Set.of("/page/main.js", "/page/markdown.js", "/page/page.css")));
    assertEquals(404, server.get("/page/other.js").statusCode());
  }

  @Test
  void layersAskedFor_everyLayerHasItsDrift() throws Exception {
    String body =
        "{'messages': [{'role': 'user', 'content': 'Name a colour.'}], 'max_tokens': 6, 'uncertainty': {'layers': %s}}";
    JsonNode tokens = tokens(body.formatted("true"));
    assertEquals(6, tokens.size());
    for (int layer = 0; layer < LAYERS; layer++) {
      assertEquals(0, tokens.get(0).get("drift_" + layer).doubleValue(), "a first token has none");
    }
    for (JsonNode token : tokens) {
      assertFalse(token.has("drift_" + LAYERS));
      double last = token.get("drift_" + (LAYERS - 1)).doubleValue();
      double pri = token.get("surprise").doubleValue() * (1 + 0.1 * last);
      assertEquals(pri, token.get("pri").doubleValue(), 1e-9, "PRI is made of the last layer's");
    }
    assertTrue(tokens.get(1).get("drift_0").doubleValue() > 0.01);
    for (JsonNode token : tokens(body.formatted("false"))) {
      assertTrue(token.has("entropy"));
      assertFalse(token.has("drift_0"));
    }
  }

  private static JsonNode tokens(String body) throws Exception {
    return server.ask("/v1/chat/completions", body).at("/choices/0/uncertainty/tokens");
  }
}
