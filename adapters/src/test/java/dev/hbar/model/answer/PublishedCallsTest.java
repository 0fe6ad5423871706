package dev.hbar.model.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * What published chat templates write a turn with calls as is read back as the calls that went in,
 * whatever pieces it comes in: the templates are the oracle of their own formats.
 */
final class PublishedCallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SPECIAL = Pattern.compile("<\\|[a-z_]+\\|>");
  private static final Pattern TURN_BEGINS =
      Pattern.compile(".*(<\\|end_header_id\\|>|<\\|header_end\\|>)", Pattern.DOTALL);
  private static final Pattern TURN_ENDS =
      Pattern.compile("</s>|<\\|eot_id\\|>|<\\|eot\\|><\\|header|\\{\"sky\"");

  /** Formats that are not read: their calls stay text. */
  private static final Set<String> UNREAD =
      Set.of(
          "GigaChat3-10B-A1.8B.jinja",
          "GigaChat3.1-10B-A1.8B.jinja",
          "Kimi-K3.jinja",
          "MiniMax-M3.jinja",
          "openbmb-MiniCPM5-1B.jinja",
          "tencent-Hy3.jinja",
          "upstage-Solar-Open-100B.jinja",
          "meetkai-functionary-medium-v3.1.jinja");

  private static List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    PublishedCallsTest.class.getResourceAsStream("/template/published.jsonl.gz")),
                StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  /** The assistant's turn of a conversation about the weather. */
  private static Optional<String> turn(JsonNode text, String question) {
    if (!text.isTextual() || !text.textValue().contains(question)) {
      return Optional.empty();
    }
    String all = text.textValue();
    String rest = all.substring(all.lastIndexOf(question) + question.length());
    Matcher end = TURN_ENDS.matcher(rest);
    String cut = end.find() ? rest.substring(0, end.start()) : rest;
    String turn = TURN_BEGINS.matcher(cut).replaceFirst("");
    return Optional.of(turn).filter(found -> found.contains("get_weather"));
  }

  private static List<ToolCall> read(AnswerFormat format, String turn, int piece) {
    AnswerReader reader = format.reader("", ParameterTypes.UNKNOWN);
    List<AnswerPart> parts = new ArrayList<>();
    Matcher special = SPECIAL.matcher(turn);
    int at = 0;
    while (at < turn.length()) {
      boolean isSpecial =
          format instanceof AnswerFormat.Harmony && special.find(at) && special.start() == at;
      int most = isSpecial ? special.end() : Math.min(turn.length(), at + piece);
      boolean next = format instanceof AnswerFormat.Harmony && special.find(at);
      int end = !isSpecial && next ? Math.min(most, special.start()) : most;
      parts.addAll(reader.add(turn.substring(at, end), isSpecial));
      at = end;
    }
    parts.addAll(reader.finish());
    return Answer.of(parts).toolCalls();
  }

  private static ArrayNode described(List<ToolCall> calls) throws IOException {
    ArrayNode all = JSON.createArrayNode();
    for (ToolCall call : calls) {
      all.addObject().put("name", call.name()).set("arguments", JSON.readTree(call.arguments()));
    }
    return all;
  }

  private static ArrayNode wanted(JsonNode conversation) {
    ArrayNode all = JSON.createArrayNode();
    conversation
        .at("/messages/1/tool_calls")
        .forEach(
            call ->
                all.addObject()
                    .put("name", call.at("/function/name").asText())
                    .set("arguments", call.at("/function/arguments")));
    return all;
  }

  @Test
  void callsOfPublishedTemplates_areReadBackInPiecesOfAnyLength() throws IOException {
    List<JsonNode> lines = lines();
    JsonNode conversations = lines.getFirst().get("conversations");
    List<String> names = new ArrayList<>();
    conversations.fieldNames().forEachRemaining(names::add);
    Set<String> wrong = new TreeSet<>();
    int read = 0;
    for (JsonNode line : lines.subList(1, lines.size())) {
      String name = line.get("name").asText().replaceFirst(".*/", "");
      JsonNode texts = line.get("texts");
      Optional<String> two = turn(texts.get(names.indexOf("two_calls")), "Both?");
      Optional<String> one = turn(texts.get(names.indexOf("tool_call")), "Weather?");
      Optional<String> turn = two.filter(text -> text.contains("now")).or(() -> one);
      if (turn.isEmpty() || UNREAD.contains(name)) {
        continue;
      }
      boolean both = two.isPresent() && turn.equals(two);
      ArrayNode wanted = wanted(conversations.get(both ? "two_calls" : "tool_call"));
      AnswerFormat format = AnswerFormat.of(line.get("template").asText());
      for (int piece : new int[] {1, 3, 1000}) {
        ArrayNode got = described(read(format, turn.get(), piece));
        boolean onlyFirst = both && got.size() == 1 && format instanceof AnswerFormat.Harmony;
        if (!got.equals(wanted) && !(onlyFirst && got.get(0).equals(wanted.get(0)))) {
          wrong.add(name + " in pieces of " + piece + ": " + got + " of " + turn.get());
        }
      }
      read++;
    }
    assertEquals(Set.of(), wrong, String.join("\n", wrong));
    assertEquals(97, read);
  }
}
