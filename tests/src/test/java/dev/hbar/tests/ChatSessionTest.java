package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.ChatSession;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Conversations of several turns, each answer beside the one that is computed from scratch. */
@ExtendWith(LeavesNoArrays.class)
class ChatSessionTest {
  private static final GenerationSettings TWELVE =
      GenerationSettings.builder().maxTokens(12).build();

  /** Shows everything it is given, and an answer otherwise than it was said. */
  private static final String TEMPLATE =
      """
      {%- for m in messages -%}
      <|im_start|>{{ m.role }}
      {{ 'SAID ' ~ m.content if m.role == 'assistant' else m.content }}<|im_end|>
      {% endfor -%}
      {%- for t in tools or [] -%}TOOL {{ t.function.name }} {% endfor -%}
      {%- for d in documents or [] -%}DOCUMENT {{ d.title }} {% endfor -%}
      {%- if enable_thinking is defined -%}THINKING {{ enable_thinking }} {% endif -%}
      {%- if add_generation_prompt -%}<|im_start|>assistant
      {% endif -%}
      """;

  @TempDir static Path folder;

  @Test
  void threeTurns_equalAnswersFromScratchAndReuseTheTurnsBefore() {
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString());
        ChatSession chat = model.chat(TWELVE)) {
      for (String question : List.of("Name a colour.", "And another one?", "Which is darker?")) {
        String alone = fromScratch(model, asking(chat, question));
        assertEquals(alone, chat.send(question).text());
      }
      assertTrue(chat.reusedTokens() > 40, "reused " + chat.reusedTokens());
      assertEquals(6, chat.messages().size());
      chat.undo();
      assertEquals(4, chat.messages().size());
    }
  }

  @Test
  void answerThatIsRenderedOtherwise_isComputedAgainFromWhereItDiffers() throws IOException {
    try (GenerationModel model = GenerationModel.open(folder.toString());
        ChatSession chat = model.chat(TWELVE)) {
      int[] held = {};
      int rendered = 0;
      for (String question : List.of("Name a colour.", "And another one?", "Which is darker?")) {
        List<Map<String, ?>> turns = asking(chat, question);
        int[] prompt = model.tokenize(conversation(turns));
        String alone = fromScratch(model, turns);
        GenerationResult answer = chat.send(question);
        assertEquals(alone, answer.text());
        int differs = Arrays.mismatch(held, prompt);
        rendered += differs < held.length ? 1 : 0;
        assertEquals(Math.max(0, differs), chat.reusedTokens());
        // The last token of an answer is never fed.
        IntStream said = answer.tokens().stream().limit(11).mapToInt(GeneratedToken::id);
        held = IntStream.concat(IntStream.of(prompt), said).toArray();
      }
      assertTrue(rendered > 0, "every answer was rendered as it was said");
    }
  }

  @Test
  void oldTurns_areLeftOutWithTheirAnswersAndTheSystemMessageStays() throws IOException {
    try (GenerationModel model = GenerationModel.open(folder.toString());
        ChatSession chat = model.chat(TWELVE).system("Be brief.")) {
      chat.send("Name a colour.");
      chat.send("And another one?");
      assertEquals(0, chat.leftOut());
      List<Map<String, ?>> turns = asking(chat, "Which is darker?");
      List<Map<String, ?>> kept = new ArrayList<>(turns);
      kept.subList(1, 3).clear();
      chat.limit(model.tokenize(conversation(kept)).length + 12);
      String alone = fromScratch(model, kept);
      assertEquals(alone, chat.send("Which is darker?").text());
      assertEquals(2, chat.leftOut());
      assertEquals(7, chat.messages().size());
      String tooLong = "colour ".repeat(100);
      GenerationException.BadPrompt refused =
          assertThrows(GenerationException.BadPrompt.class, () -> chat.send(tooLong));
      assertTrue(
          refused.getMessage().contains("leaves no room for 12 more within"), refused.getMessage());
      assertEquals(7, chat.messages().size());
      assertThrows(IllegalArgumentException.class, () -> chat.limit(1));
      assertThrows(IllegalArgumentException.class, () -> chat.limit(1 << 20));
    }
  }

  @Test
  void toolsDocumentsAndVariables_reachTheTemplate() throws IOException {
    Map<String, ?> tool = Map.of("type", "function", "function", Map.of("name", "weather"));
    Map<String, ?> document = Map.of("title", "Tea", "text", "Tea is a drink.");
    try (GenerationModel model = GenerationModel.open(folder.toString());
        ChatSession chat = model.chat(TWELVE)) {
      chat.tools(List.of(tool))
          .documents(List.of(document))
          .variable("enable_thinking", false)
          .add(Map.of("role", "user", "content", "How warm is it?"))
          .add(Map.of("role", "tool", "content", "22"));
      Conversation shown =
          new Conversation(
              chat.messages(),
              Optional.of(List.of(tool)),
              Optional.of(List.of(document)),
              true,
              Map.of("enable_thinking", false));
      String text = model.chatTemplate().orElseThrow().render(shown);
      assertTrue(
          text.endsWith(
              "22<|im_end|>\nTOOL weather DOCUMENT Tea THINKING False <|im_start|>assistant\n"),
          text);
      GenerationResult alone = model.generate(model.tokenize(shown), TWELVE, TokenListener.NONE);
      assertEquals(alone.text(), chat.answer(TokenListener.NONE).text());
      assertEquals(3, chat.messages().size());
      chat.undo();
      assertEquals(0, chat.messages().size());
    }
  }

  private static List<Map<String, ?>> asking(ChatSession chat, String question) {
    List<Map<String, ?>> turns = new ArrayList<>(chat.messages());
    turns.add(Map.of("role", "user", "content", question));
    return turns;
  }

  private static String fromScratch(GenerationModel model, List<Map<String, ?>> turns) {
    int[] prompt = model.tokenize(conversation(turns));
    return model.generate(prompt, TWELVE, TokenListener.NONE).text();
  }

  private static Conversation conversation(List<Map<String, ?>> turns) {
    return new Conversation(turns, Optional.empty(), Optional.empty(), true, Map.of());
  }

  /** The real checkpoint with the template above. */
  @BeforeAll
  static void putTemplateBesideTheRealCheckpoint() throws IOException {
    try (Stream<Path> files = Files.list(RealCheckpoint.folder())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
  }
}
