package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.Mutants;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged tokenizers and templates are refused or used, never anything else. */
class DamagedTextFilesTest {
  private static final String TEMPLATE =
      """
      {%- macro turn(role, text) -%}<|{{ role }}|>{{ text | trim }}<|end|>{%- endmacro -%}
      {{ bos_token }}{% set ns = namespace(n=0) %}
      {%- for m in messages if m.content is defined -%}
      {% set ns.n = ns.n + 1 %}{% if m['role'] == 'user' and not loop.first %}{{ loop.index0 * 2 }}{% endif %}
      {{- turn(m.role, m.content[:20].split(' ') | join('-')) }}
      {% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' ~ ns.n }}{% endif %}
      """;

  @TempDir private Path folder;

  static List<TokenizerFixture> fixtures() {
    return TokenizerFixture.all();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void tokenizer_isUsedOrRefused(TokenizerFixture fixture) throws IOException {
    Path file =
        Files.copy(fixture.folder().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    Mutants.refused(
        file,
        3000,
        damaged -> {
          try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            tokenizer.decode(tokenizer.encode("Hello, wörld! 7\n <|im_end|>"));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat_template.jinja", "tokenizer_config.json"})
  void template_isUsedOrRefused(String name) throws IOException {
    String quoted = TEMPLATE.replace("\n", "\\n");
    Path file =
        Files.writeString(
            folder.resolve(name),
            name.endsWith("jinja")
                ? TEMPLATE
                : "{\"bos_token\": \"<s>\", \"chat_template\": \"" + quoted + "\"}");
    Mutants.refused(
        file,
        2000,
        damaged ->
            ChatTemplate.read(folder)
                .ifPresent(
                    template ->
                        template.render(
                            List.of(Message.user("Hi there"), Message.user("again")), true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json"})
  void linkOutOfTheFolder_isRefused(String name, @TempDir Path elsewhere) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"x\"}");
    assertTrue(ChatTemplate.read(folder).isPresent());
    Path secret = Files.writeString(elsewhere.resolve("secret"), "{\"chat_template\": \"secret\"}");
    Files.deleteIfExists(folder.resolve(name));
    Files.createSymbolicLink(folder.resolve(name), secret);
    String message =
        assertThrows(CheckpointException.class, () -> ChatTemplate.read(folder)).getMessage();
    assertTrue(message.contains("outside of the checkpoint") && message.contains(name), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void specialTokens_areUsedOrRefused() throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    Path file =
        Files.writeString(
            folder.resolve("special_tokens_map.json"),
            "{\"bos_token\": {\"content\": \"<s>\", \"lstrip\": false}, \"eos_token\": \"</s>\"}");
    Mutants.refused(
        file,
        200,
        damaged ->
            ChatTemplate.read(folder)
                .ifPresent(template -> template.render(List.of(Message.user("Hi")), true)));
  }
}
