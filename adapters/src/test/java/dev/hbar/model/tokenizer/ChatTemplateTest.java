package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published templates against what Python's jinja2 makes of them
 * (scripts/fixtures/chat_templates.py).
 */
class ChatTemplateTest {

  private static final Clock MARCH =
      Clock.fixed(Instant.parse("2026-03-05T12:00:00Z"), ZoneOffset.UTC);
  private static final List<Message> HELLO = List.of(Message.user("Hi"));

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> publishedTemplate_rendersAsInPython() throws IOException {
    JsonNode fixture;
    try (InputStream in =
        ChatTemplateTest.class.getResourceAsStream("/tokenizer/chat_templates.json")) {
      fixture = new ObjectMapper().readTree(in);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode template : fixture.get("templates")) {
      for (JsonNode run : template.get("runs")) {
        String name =
            "%s_%s_%s"
                .formatted(
                    template.get("name").asText(),
                    run.get("conversation").asText(),
                    run.get("add_generation_prompt").asBoolean() ? "prompt" : "plain");
        tests.add(DynamicTest.dynamicTest(name, () -> check(fixture, template, run)));
      }
    }
    return tests.stream();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ messages[0]|tojson }};{\"role\": \"assistant\", \"reasoning_content\": \"R\"}",
        "{{ messages[0].reasoning_content }}{{ messages[0]|length }};R2",
        "{{ messages[0].thinking }}{{ messages[0].reasoning_content }};R",
        "{{ messages[0].thinking }};R",
        "{{ messages[0]['reasoning'] }};R"
      })
  void reasoning_isGivenUnderAnotherNameOnlyWhereTheTemplateReadsThat(
      String template, String expected) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("reasoning_content", "R");
    Conversation conversation =
        new Conversation(List.of(message), Optional.empty(), Optional.empty(), false, Map.of());
    assertEquals(expected, ChatTemplate.of(template, Map.of(), MARCH).render(conversation));
  }

  @Test
  void severalTemplatesWithoutDefault_nameTheFirstFileAndAllNames() throws IOException {
    Path additional = Files.createDirectory(folder.resolve("additional_chat_templates"));
    for (String name : List.of("sketch", "rag", "plain", "draft")) {
      Files.writeString(additional.resolve(name + ".jinja"), "Hi");
    }
    ChatTemplate template = ChatTemplate.read(folder).orElseThrow();
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> template.render(HELLO, true));
    assertEquals(
        "broken chat template: %s: none of the templates is named default (names: draft, plain, rag, sketch): name one so"
            .formatted(additional.resolve("draft.jinja")),
        refused.getMessage());
  }

  private static void check(JsonNode fixture, JsonNode template, JsonNode run) {
    Map<String, String> tokens =
        Map.of(
            "bos_token",
            fixture.get("bos_token").asText(),
            "eos_token",
            fixture.get("eos_token").asText());
    ChatTemplate chat = ChatTemplate.of(template.get("template").asText(), tokens, MARCH);
    List<Message> messages = new ArrayList<>();
    for (JsonNode turn : fixture.get("conversations").get(run.get("conversation").asText())) {
      messages.add(new Message(turn.get("role").asText(), turn.get("content").asText()));
    }
    boolean prompt = run.get("add_generation_prompt").asBoolean();
    if (run.has("error")) {
      CheckpointException refusal =
          assertThrows(CheckpointException.class, () -> chat.render(messages, prompt));
      assertTrue(refusal.getMessage().contains(run.get("error").asText()), refusal.getMessage());
    } else {
      assertEquals(run.get("expected").asText(), chat.render(messages, prompt));
    }
  }

  @Test
  void templateInConfig_isReadWithItsSpecialTokens() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<b>"}, "eos_token": "<e>",
         "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}
        """);
    assertEquals("<b>Hi<e>", ChatTemplate.read(folder).orElseThrow().render(HELLO, false));
  }

  @Test
  void namedTemplates_defaultIsTaken() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": [{"name": "tool_use", "template": "T"}, {"name": "default", "template": "D"}]}
        """);
    assertEquals("D", ChatTemplate.read(folder).orElseThrow().render(HELLO, false));
  }

  @Test
  void namedTemplatesWithoutDefault_areRefusedWithTheirNames() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": [{"name": "tool_use", "template": "T"}]}
        """);
    ChatTemplate template = ChatTemplate.read(folder).orElseThrow();
    String message =
        assertThrows(CheckpointException.class, () -> template.render(HELLO, true)).getMessage();
    assertTrue(message.contains("tool_use") && message.contains("tokenizer_config.json"), message);
  }

  @Test
  void jinjaFile_winsOverConfig() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"C\"}");
    Files.writeString(folder.resolve("chat_template.jinja"), "J{{ messages|length }}\n");
    assertEquals("J1", ChatTemplate.read(folder).orElseThrow().render(HELLO, false));
  }

  @Test
  void legacyFile_isUsedWhenNothingElseHasOne() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
    Files.writeString(folder.resolve("chat_template.json"), "{\"chat_template\": \"L\"}");
    assertEquals("L", ChatTemplate.read(folder).orElseThrow().render(HELLO, false));
  }

  @Test
  void folderWithoutTemplate_isEmpty() {
    assertTrue(ChatTemplate.read(folder).isEmpty());
  }

  @Test
  void brokenConfig_namesTheFileInOneLine() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \n");
    String message =
        assertThrows(CheckpointException.class, () -> ChatTemplate.read(folder)).getMessage();
    assertTrue(message.contains("tokenizer_config.json") && message.lines().count() == 1, message);
  }

  @Test
  void brokenTemplate_isOneLineWithTheLineNumber() {
    ChatTemplate broken = ChatTemplate.of("ok\n{% for %}", Map.of());
    String message =
        assertThrows(CheckpointException.class, () -> broken.render(HELLO, true)).getMessage();
    assertTrue(message.contains("line 2") && message.lines().count() == 1, message);
  }

  @Test
  void templateReachingForFilesOrClasses_getsNothing() {
    assertThrows(
        CheckpointException.class,
        () ->
            ChatTemplate.of("{% include 'tokenizer/chat_templates.json' %}", Map.of())
                .render(HELLO, true));
    ChatTemplate reflective =
        ChatTemplate.of("{{ messages[0].content.getClass().getName() }}{{ ''.class }}", Map.of());
    try {
      assertEquals("", reflective.render(HELLO, true));
    } catch (CheckpointException refused) {
      assertTrue(refused.getMessage().contains("cannot be rendered"), refused.getMessage());
    }
  }
}
