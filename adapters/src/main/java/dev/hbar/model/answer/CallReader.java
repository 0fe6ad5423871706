package dev.hbar.model.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What stands between the marks of a call: one or several calls in one of the known spellings. */
final class CallReader {
  private static final int DOT_ALL = Pattern.DOTALL;

  /** {@code NAME[ARGS]{...}}, with an id before the arguments in some versions. */
  private static final Pattern MISTRAL =
      Pattern.compile(
          "\\s*([^\\[{\\s]+?)(?:\\[CALL_ID\\][^\\[]*)?(?:\\[ARGS\\])?\\s*(\\{.*)", DOT_ALL);

  private static final Pattern DEEPSEEK =
      Pattern.compile("<｜tool▁call▁begin｜>(.*?)<｜tool▁sep｜>(.*?)<｜tool▁call▁end｜>", DOT_ALL);
  private static final Pattern KIMI =
      Pattern.compile(
          "<\\|tool_call_begin\\|>\\s*(?:functions\\.)?(.*?)(?::\\d+)?\\s*<\\|tool_call_argument_begin\\|>(.*?)<\\|tool_call_end\\|>",
          DOT_ALL);
  private static final Pattern FUNCTION =
      Pattern.compile("<function=([^>]+)>(.*?)</function>", DOT_ALL);
  private static final Pattern PARAMETER =
      Pattern.compile("<parameter=([^>]+)>(.*?)(?:</parameter>|(?=<parameter=)|\\z)", DOT_ALL);
  private static final Pattern INVOKE =
      Pattern.compile("<[^<>\\s]*invoke name=\"([^\"]+)\">(.*?)</[^<>\\s]*invoke>", DOT_ALL);
  private static final Pattern NAMED =
      Pattern.compile(
          "<[^<>\\s]*parameter name=\"([^\"]+)\"(?: string=\"(true|false)\")?>(.*?)</[^<>\\s]*parameter>",
          DOT_ALL);
  private static final Pattern ARGUMENT =
      Pattern.compile("<arg_key>(.*?)</arg_key>\\s*<arg_value>(.*?)</arg_value>", DOT_ALL);
  private static final Pattern FENCE = Pattern.compile("^\\s*```(?:json)?|```\\s*$");

  private final ParameterTypes types;

  CallReader(ParameterTypes types) {
    this.types = types;
  }

  /** The calls; empty where the text is none, which includes a broken one. */
  List<ToolCall> read(String body) {
    try {
      String trimmed = body.strip();
      if (trimmed.contains("<function=")) {
        return tagged(trimmed, FUNCTION, PARAMETER);
      }
      if (trimmed.contains("invoke name=")) {
        return tagged(trimmed, INVOKE, NAMED);
      }
      if (trimmed.contains("<｜tool▁sep｜>")) {
        return deepSeek(trimmed);
      }
      if (trimmed.contains("<|tool_call_argument_begin|>")) {
        return kimi(KIMI, trimmed);
      }
      if (trimmed.startsWith("call:")) {
        return gemma(trimmed);
      }
      return trimmed.startsWith("{") || trimmed.startsWith("[") ? listed(trimmed) : named(trimmed);
    } catch (IllegalArgumentException broken) {
      return List.of();
    }
  }

  private static List<ToolCall> kimi(Pattern pattern, String body) {
    return pattern
        .matcher(body)
        .results()
        .map(found -> call(found.group(1), object(found.group(2))))
        .toList();
  }

  /** DeepSeek R1 and V3 put the arguments into a fence behind the name, V3.1 does not. */
  private static List<ToolCall> deepSeek(String body) {
    List<ToolCall> calls = new ArrayList<>();
    Matcher found = DEEPSEEK.matcher(body);
    while (found.find()) {
      String rest = found.group(2);
      int line = rest.indexOf('\n');
      boolean fenced = rest.contains("```") && line > 0;
      String name = fenced ? rest.substring(0, line) : found.group(1);
      String arguments = fenced ? rest.substring(line + 1) : rest;
      calls.add(call(name, object(FENCE.matcher(arguments).replaceAll(""))));
    }
    return calls;
  }

  private List<ToolCall> tagged(String body, Pattern functions, Pattern parameters) {
    List<ToolCall> calls = new ArrayList<>();
    Matcher function = functions.matcher(body);
    while (function.find()) {
      String name = function.group(1).strip();
      ObjectNode arguments = JsonNodeFactory.instance.objectNode();
      Matcher parameter = parameters.matcher(function.group(2));
      while (parameter.find()) {
        String key = parameter.group(1).strip();
        String value = parameter.group(parameter.groupCount());
        boolean text =
            parameter.groupCount() == 3
                ? "true".equals(parameter.group(2)) || types.isText(name, key)
                : types.isText(name, key);
        arguments.set(key, value(parameter.groupCount() == 2 ? line(value) : value, text));
      }
      calls.add(call(name, arguments));
    }
    return calls;
  }

  /** Without the line ends that stand around the value. */
  private static String line(String value) {
    String rest = value.startsWith("\n") ? value.substring(1) : value;
    return rest.endsWith("\n") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private static JsonNode value(String text, boolean isText) {
    return isText ? JsonNodeFactory.instance.textNode(text) : LiteralReader.value(text);
  }

  /** Gemma: {@code call:NAME{key:value}}. */
  private static List<ToolCall> gemma(String body) {
    LiteralReader reader = new LiteralReader(body);
    List<ToolCall> calls = new ArrayList<>();
    while (reader.take("call:")) {
      String name = reader.name();
      calls.add(call(name, reader.take("{") ? reader.members("}", ":") : object("{}")));
    }
    return reader.isAtEnd() ? calls : List.of();
  }

  /** JSON objects one after another, a list of them, or Python calls in a list. */
  private static List<ToolCall> listed(String body) {
    try {
      LiteralReader reader = new LiteralReader(body);
      List<ToolCall> calls = new ArrayList<>();
      while (!reader.isAtEnd()) {
        JsonNode value = reader.value();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
          calls.add(described(one).orElseThrow(IllegalArgumentException::new));
        }
        if (!reader.take(";")) {
          reader.take(",");
        }
      }
      return calls;
    } catch (IllegalArgumentException noJson) {
      return python(body);
    }
  }

  private static List<ToolCall> python(String body) {
    LiteralReader reader = new LiteralReader(body);
    boolean list = reader.take("[");
    List<ToolCall> calls = new ArrayList<>();
    do {
      String name = reader.name();
      if (!reader.take("(")) {
        throw new IllegalArgumentException(name);
      }
      calls.add(call(name, reader.members(")", "=")));
    } while (reader.take(","));
    if (list && !reader.take("]") || !reader.isAtEnd()) {
      throw new IllegalArgumentException(body);
    }
    return calls;
  }

  /** A call that begins with its name: Mistral, GLM, or Python. */
  private List<ToolCall> named(String body) {
    int first = body.indexOf("<arg_key>");
    boolean bare = body.matches("[\\p{L}\\p{N}_.-]+");
    if (first >= 0 || bare) {
      String name = (first < 0 ? body : body.substring(0, first)).strip();
      ObjectNode arguments = JsonNodeFactory.instance.objectNode();
      Matcher argument = ARGUMENT.matcher(body);
      while (argument.find()) {
        String key = argument.group(1).strip();
        arguments.set(key, value(argument.group(2), types.isText(name, key)));
      }
      return List.of(call(name, arguments));
    }
    Matcher mistral = MISTRAL.matcher(body);
    return mistral.matches()
        ? List.of(call(mistral.group(1), object(mistral.group(2))))
        : python(body);
  }

  private static Optional<ToolCall> described(JsonNode call) {
    JsonNode inner = call.path("function").isObject() ? call.get("function") : call;
    Optional<String> name =
        Stream.of("name", "tool_name", "function")
            .map(inner::path)
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .findFirst();
    JsonNode arguments =
        Stream.of("arguments", "parameters", "args")
            .filter(inner::has)
            .map(inner::get)
            .findFirst()
            .orElse(JsonNodeFactory.instance.objectNode());
    if (name.isEmpty() && inner.isObject() && inner.size() == 1) {
      // Apertus: the name is the key of its arguments.
      return inner.properties().stream()
          .filter(only -> only.getValue().isObject())
          .map(only -> new ToolCall(only.getKey(), only.getValue().toString()))
          .findFirst();
    }
    return name.map(known -> call(known, arguments));
  }

  private static ToolCall call(String name, JsonNode arguments) {
    JsonNode object = arguments.isTextual() ? object(arguments.textValue()) : arguments;
    if (!object.isObject()) {
      throw new IllegalArgumentException(name);
    }
    return new ToolCall(name.strip(), object.toString());
  }

  private static JsonNode object(String text) {
    LiteralReader reader = new LiteralReader(text);
    JsonNode value = reader.value();
    if (!value.isObject() || !reader.isAtEnd()) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }
}
