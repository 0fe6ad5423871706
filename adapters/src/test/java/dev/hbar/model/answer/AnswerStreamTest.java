package dev.hbar.model.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks that are special tokens, which the decoded text leaves out. */
final class AnswerStreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** The small tokenizer with further special tokens. */
  private Tokenizer tokenizer(String... special) throws IOException, URISyntaxException {
    Path source = Path.of(getClass().getResource("/tokenizer/byte_level/tokenizer.json").toURI());
    ObjectNode file = (ObjectNode) JSON.readTree(source.toFile());
    ArrayNode added = (ArrayNode) file.get("added_tokens");
    int id = 0;
    for (var known : file.at("/model/vocab").properties()) {
      id = Math.max(id, known.getValue().asInt());
    }
    for (var known : added) {
      id = Math.max(id, known.get("id").asInt());
    }
    for (String token : special) {
      added
          .addObject()
          .put("id", ++id)
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), file);
    return Tokenizer.open(folder);
  }

  private static Answer read(Tokenizer tokenizer, String template, String text) {
    AnswerReader reader = AnswerFormat.of(template).reader("", ParameterTypes.UNKNOWN);
    AnswerStream stream = new AnswerStream(tokenizer, reader, List.of());
    for (int id : tokenizer.encode(text, false)) {
      stream.add(id);
    }
    stream.finish();
    return stream.answer();
  }

  @Test
  void harmonyTokens_divideTheAnswer() throws IOException, URISyntaxException {
    try (Tokenizer tokenizer =
        tokenizer(
            "<|channel|>", "<|message|>", "<|end|>", "<|start|>", "<|call|>", "<|constrain|>")) {
      assertEquals(
          new Answer(
              "Weather é?", "On it.", List.of(new ToolCall("now", "{\"zone\":\"Köln 😀\"}"))),
          read(
              tokenizer,
              "<|channel|><|message|>",
              "<|channel|>analysis<|message|>Weather é?<|end|><|start|>assistant<|channel|>final"
                  + "<|message|>On it.<|end|><|start|>assistant to=functions.now<|channel|>commentary "
                  + "<|constrain|>json<|message|>{\"zone\": \"Köln 😀\"}<|call|>"));
    }
  }

  @Test
  void mistralTokens_openCallsAndDivideThem() throws IOException, URISyntaxException {
    try (Tokenizer tokenizer =
        tokenizer("[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "[THINK]", "[/THINK]", "</s>")) {
      assertEquals(
          new Answer(
              "hm", "I ask.", List.of(new ToolCall("f", "{\"a\":[1]}"), new ToolCall("g", "{}"))),
          read(
              tokenizer,
              "[TOOL_CALLS][THINK]",
              "[THINK]hm[/THINK]I ask.[TOOL_CALLS]f[CALL_ID]abc[ARGS]{\"a\": [1]}[TOOL_CALLS]g[ARGS]{}"));
    }
  }

  @Test
  void specialTokenThatIsNoMark_isNotPartOfTheAnswer() throws IOException, URISyntaxException {
    try (Tokenizer tokenizer = tokenizer("<|eom|>", "<think>", "</think>")) {
      assertEquals(
          new Answer("so", "yes", List.of()),
          read(tokenizer, "<think></think>", "<think>\nso\n</think>\n\nyes<|eom|>"));
    }
  }
}
