package dev.hbar.model.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as models write them: JSON, Python's literals, and Gemma's with quotes of its own. */
final class LiteralReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]*");
  private static final List<String> QUOTES = List.of("<|\"|>", "<escape>");
  private static final int MOST_NESTED = 100;
  private final String text;
  private int at;
  private int depth;

  LiteralReader(String text) {
    this.text = text;
  }

  /** What the text is as a value; itself where it is none. */
  static JsonNode value(String text) {
    try {
      LiteralReader reader = new LiteralReader(text);
      JsonNode value = reader.value();
      return reader.isAtEnd() ? value : NODES.textNode(text);
    } catch (IllegalArgumentException none) {
      return NODES.textNode(text);
    }
  }

  boolean isAtEnd() {
    skipSpace();
    return at == text.length();
  }

  /** Whether this comes next, which is then passed over. */
  boolean take(String expected) {
    skipSpace();
    boolean there = text.startsWith(expected, at);
    at += there ? expected.length() : 0;
    return there;
  }

  String name() {
    skipSpace();
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (!name.lookingAt()) {
      throw unreadable();
    }
    at = name.end();
    return name.group();
  }

  /** The value that comes next. */
  JsonNode value() {
    if (++depth > MOST_NESTED) {
      throw unreadable();
    }
    JsonNode value = any();
    depth--;
    return value;
  }

  private JsonNode any() {
    if (take("{")) {
      return members("}", ":");
    }
    if (take("[")) {
      return elements();
    }
    for (String quote : QUOTES) {
      if (take(quote)) {
        return NODES.textNode(until(quote));
      }
    }
    if (take("\"") || take("'")) {
      return NODES.textNode(quoted(text.charAt(at - 1)));
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      at = number.end();
      return number(number.group());
    }
    return word(name());
  }

  private static JsonNode number(String digits) {
    try {
      return Json.MAPPER.readTree(digits);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(digits, e);
    }
  }

  private JsonNode word(String word) {
    return switch (word) {
      case "true", "True" -> NODES.booleanNode(true);
      case "false", "False" -> NODES.booleanNode(false);
      case "null", "None", "none" -> NODES.nullNode();
      default -> throw unreadable();
    };
  }

  private ArrayNode elements() {
    ArrayNode all = NODES.arrayNode();
    while (!take("]")) {
      all.add(value());
      requireComma("]");
    }
    return all;
  }

  /** Names and values up to a closing mark. */
  ObjectNode members(String close, String between) {
    ObjectNode all = NODES.objectNode();
    while (!take(close)) {
      boolean isQuoted = at < text.length() && "\"'<".indexOf(text.charAt(at)) >= 0;
      String name = isQuoted ? value().asText() : name();
      if (!take(between)) {
        throw unreadable();
      }
      all.set(name, value());
      requireComma(close);
    }
    return all;
  }

  private void requireComma(String close) {
    skipSpace();
    if (!take(",") && !text.startsWith(close, at)) {
      throw unreadable();
    }
  }

  private String until(String mark) {
    int end = text.indexOf(mark, at);
    if (end < 0) {
      throw unreadable();
    }
    String inside = text.substring(at, end);
    at = end + mark.length();
    return inside;
  }

  private String quoted(char quote) {
    StringBuilder inside = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      inside.append(c == '\\' && at < text.length() ? escaped(text.charAt(at++)) : c);
    }
    if (at == text.length()) {
      throw unreadable();
    }
    at++;
    return inside.toString();
  }

  private String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw unreadable();
        }
        at += 4;
        yield String.valueOf((char) Integer.parseInt(text.substring(at - 4, at), 16));
      }
      default -> String.valueOf(c);
    };
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException unreadable() {
    return new IllegalArgumentException("no value at character " + at);
  }
}
