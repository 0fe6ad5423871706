package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Message;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokenizer that comes out of a GGUF file gives the ids of the tokenizer that went in. */
class ConvertedTokenizerTest {

  @TempDir private Path folder;

  private Path convert(GgufBytes bytes) throws IOException {
    Path source = bytes.write(folder.resolve("model.gguf"));
    return GgufConverter.convert(source, folder.resolve("out"), step -> {}).folder();
  }

  @Test
  void convertedTokenizer_hasTheIdsOfTheOriginal() throws IOException {
    JsonNode cases;
    try (InputStream in =
        ConvertedTokenizerTest.class.getResourceAsStream("/tokenizer/byte_level/cases.json")) {
      cases = new ObjectMapper().readTree(in).get("cases");
    }
    try (Tokenizer tokenizer = Tokenizer.open(convert(TinyGguf.quantized()))) {
      for (JsonNode row : cases) {
        JsonNode ids = row.get("ids");
        int[] expected = IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
        assertArrayEquals(expected, tokenizer.encode(row.get("text").asText()), row.toString());
        assertEquals(row.get("decoded").asText(), tokenizer.decode(expected));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false, 1 3", "true, true, 1 3 2", "false, true, 3 2", "false, false, 3"})
  void addBosAndEos_areHonoured(boolean bos, boolean eos, String expected) throws IOException {
    GgufBytes bytes =
        TinyGguf.quantized()
            .flag("tokenizer.ggml.add_bos_token", bos)
            .flag("tokenizer.ggml.add_eos_token", eos);
    try (Tokenizer tokenizer = Tokenizer.open(convert(bytes))) {
      String third = tokenizer.piece(3).orElseThrow();
      StringBuilder ids = new StringBuilder();
      for (int id : tokenizer.encode(third)) {
        ids.append(ids.isEmpty() ? "" : " ").append(id);
      }
      assertEquals(expected, ids.toString());
      assertArrayEquals(new int[] {3}, tokenizer.encode(third, false));
    }
  }

  /**
   * Words and digits as each pre-tokenizer splits them; every merge that could join more is there.
   */
  @ParameterizedTest
  @CsvSource({
    "smollm, ab'll 1234, ab 'll _ 1 2 3 4",
    "gpt-2, ab'll 1234, ab 'll _1234",
    "llama-bpe, ab'LL 1234, ab 'LL _ 123 4",
    "qwen2, ab'LL 1234, ab 'LL _ 1 2 3 4"
  })
  void preTokenizer_splitsAsItsModelDoes(String name, String text, String pieces)
      throws IOException {
    List<String> merges =
        List.of(
            "a b", "l l", "' ll", "L L", "' LL", "ab 'll", "ab 'LL", "1 2", "12 3", "123 4",
            "Ġ 1234");
    Set<String> alphabet = new TreeSet<>();
    IntStream.rangeClosed('!', '~').forEach(c -> alphabet.add(Character.toString(c)));
    alphabet.add("Ġ");
    List<String> tokens = new ArrayList<>(List.of("<s>"));
    tokens.addAll(alphabet);
    merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
    List<Integer> types = new ArrayList<>(Collections.nCopies(tokens.size(), 1));
    types.set(0, 3);
    GgufBytes bytes =
        TinyGguf.quantized()
            .text("tokenizer.ggml.pre", name)
            .texts("tokenizer.ggml.tokens", tokens)
            .texts("tokenizer.ggml.merges", merges)
            .i32s("tokenizer.ggml.token_type", types);
    try (Tokenizer tokenizer = Tokenizer.open(convert(bytes))) {
      List<String> found = new ArrayList<>();
      for (int id : tokenizer.encode(text)) {
        found.add(tokenizer.piece(id).orElseThrow().replace('Ġ', '_'));
      }
      assertEquals(pieces, String.join(" ", found));
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 2", "2, 0, 2 0", "5, 2, 2 5"})
  void endsOfTurnsAndMessages_endTexts(int turn, int message, String expected) throws IOException {
    Path out =
        convert(
            TinyGguf.quantized()
                .u32("tokenizer.ggml.eot_token_id", turn)
                .u32("tokenizer.ggml.eom_token_id", message));
    JsonNode ids =
        new ObjectMapper().readTree(out.resolve("config.json").toFile()).get("eos_token_id");
    String found =
        ids.isInt()
            ? ids.asText()
            : String.join(" ", ids.valueStream().map(JsonNode::asText).toList());
    assertEquals(expected, found);
  }

  @Test
  void chatTemplateAndSpecialTokens_comeAlong() throws IOException {
    Path out = convert(TinyGguf.quantized());
    ChatTemplate template = ChatTemplate.read(out).orElseThrow();
    assertEquals("Hi<|im_end|>", template.render(List.of(Message.user("Hi")), true));
    try (Tokenizer tokenizer = Tokenizer.open(out)) {
      assertTrue(tokenizer.isSpecial(2));
    }
  }
}
