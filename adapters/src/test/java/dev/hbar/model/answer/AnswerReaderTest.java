package dev.hbar.model.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers taken apart as they stream. */
final class AnswerReaderTest {
  private static final String QWEN = "{{ '<think>' }}{{ '</think>' }}<tool_call></tool_call>";

  private static Answer read(String template, String prompt, String text, int piece) {
    return read(template, prompt, text, piece, ParameterTypes.UNKNOWN);
  }

  private static Answer read(
      String template, String prompt, String text, int piece, ParameterTypes types) {
    AnswerReader reader = AnswerFormat.of(template).reader(prompt, types);
    List<AnswerPart> parts = new ArrayList<>();
    for (int at = 0; at < text.length(); at += piece) {
      parts.addAll(reader.add(text.substring(at, Math.min(text.length(), at + piece)), false));
    }
    parts.addAll(reader.finish());
    return Answer.of(parts);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void reasoningCallsAndText_areToldApart(int piece) {
    String text =
        "<think>\nA < b, so.\n</think>\n\nLet me see. <\n<tool_call>\n{\"name\": \"f\","
            + " \"arguments\": {\"x\": \"</tool\"}}\n</tool_call>\n";
    assertEquals(
        new Answer("A < b, so.", "Let me see. <", List.of(new ToolCall("f", "{\"x\":\"</tool\"}"))),
        read(QWEN, "", text, piece));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void promptThatOpenedTheReasoning_countsAsItsMark(int piece) {
    assertEquals(
        new Answer("hm", "Yes.\n", List.of()),
        read(QWEN, "<|im_start|>assistant\n<think>\n", "hm\n</think>\n\nYes.\n", piece));
  }

  @Test
  void reasoningWithoutEnd_isAllReasoning() {
    assertEquals(new Answer("and on", "", List.of()), read(QWEN, "<think>", "and on", 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 100})
  void textWithoutMarks_staysAsItIs(int piece) {
    String text = "  a <b> <tool \n\n { } [x]\n ";
    assertEquals(new Answer("", text, List.of()), read(QWEN, "", text, piece));
    assertEquals(new Answer("", text, List.of()), read("{{ messages }}", "", text, piece));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>{\"name\": \"f\", \"argu</tool_call>",
        "<tool_call>{\"name\": \"f\"",
        "<tool_call>no call at all</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": [1]}</tool_call>"
      })
  void brokenCall_staysText(String text) {
    assertEquals(new Answer("", text, List.of()), read(QWEN, "", text, 3));
  }

  @Test
  void text_isReleasedAsSoonAsItIsCertain() {
    AnswerReader reader = AnswerFormat.of(QWEN).reader("", ParameterTypes.UNKNOWN);
    assertEquals(List.of(new AnswerPart.Content("Hello")), reader.add("Hello ", false));
    assertEquals(List.of(new AnswerPart.Content(" you")), reader.add("you <tool", false));
    assertEquals(List.of(new AnswerPart.Content(" <tools")), reader.add("s", false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void bareJson_isACallOnlyWhereItIsAllOfTheAnswer(int piece) {
    String llama = "{% if message.role == 'ipython' %}";
    assertEquals(
        List.of(new ToolCall("f", "{\"a\":1}"), new ToolCall("g", "{}")),
        read(llama, "", "\n{\"name\": \"f\", \"parameters\": {\"a\": 1}}; {\"name\": \"g\"}", piece)
            .toolCalls());
    String text = "It is {\"name\": \"f\"}";
    assertEquals(new Answer("", text, List.of()), read(llama, "", text, piece));
    assertEquals(new Answer("", "{\"k\": [1]}", List.of()), read(llama, "", "{\"k\": [1]}", piece));
  }

  @Test
  void parameterOfTypeText_staysText() throws JsonProcessingException {
    ParameterTypes types =
        ParameterTypes.of(
            new ObjectMapper()
                .readTree(
                    "[{\"function\": {\"name\": \"f\", \"parameters\": {\"properties\": {\"a\":"
                        + " {\"type\": \"string\"}, \"b\": {\"type\": \"integer\"}}}}}]"));
    String text =
        "<tool_call>\n<function=f>\n<parameter=a>\n2\n</parameter>\n<parameter=b>\n2\n</parameter>\n<parameter=c>\ntwo\n lines\n</parameter>\n</function>\n</tool_call>";
    assertEquals(
        List.of(new ToolCall("f", "{\"a\":\"2\",\"b\":2,\"c\":\"two\\n lines\"}")),
        read(QWEN, "", text, 5, types).toolCalls());
    String glm =
        "<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>2</arg_value>\n<arg_key>b</arg_key>\n<arg_value>2</arg_value>\n</tool_call>";
    assertEquals(
        List.of(new ToolCall("f", "{\"a\":\"2\",\"b\":2}")),
        read(QWEN, "", glm, 5, types).toolCalls());
  }

  @Test
  void harmony_showsChannelsApart() {
    AnswerReader reader =
        AnswerFormat.of("<|channel|>analysis<|message|>").reader("", ParameterTypes.UNKNOWN);
    List<AnswerPart> parts = new ArrayList<>();
    for (String piece :
        List.of(
            "<|channel|>",
            "analysis",
            "<|message|>",
            "Two ",
            "tools.",
            "<|end|>",
            "<|start|>",
            "assistant",
            "<|channel|>",
            "commentary",
            "<|message|>",
            "I ask.",
            "<|end|>",
            "<|start|>",
            "assistant",
            "<|channel|>",
            "commentary to=functions.f ",
            "<|constrain|>",
            "json",
            "<|message|>",
            "{\"a\":",
            "[1, 2]}",
            "<|call|>")) {
      parts.addAll(reader.add(piece, piece.startsWith("<|")));
    }
    parts.addAll(reader.finish());
    assertEquals(
        new Answer("Two tools.", "I ask.", List.of(new ToolCall("f", "{\"a\":[1,2]}"))),
        Answer.of(parts));
  }

  @Test
  void deeplyNestedArguments_areTextAndNoStackOverflow() {
    String text = "<tool_call>" + "[".repeat(100_000) + "</tool_call>";
    assertEquals(new Answer("", text, List.of()), read(QWEN, "", text, 100_000));
  }
}
