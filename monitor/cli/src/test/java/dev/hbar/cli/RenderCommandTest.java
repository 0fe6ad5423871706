package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The expected texts are those of transformers 5.23 with Jinja2 3.1.6. */
class RenderCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HI = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";

  @TempDir Path folder;

  private static CommandRun render(String input, String... args) {
    List<String> all = new ArrayList<>(List.of("render"));
    all.addAll(List.of(args));
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    return CommandRun.of(
        new ByteArrayInputStream(bytes), Main::commands, all.toArray(String[]::new));
  }

  private String template(String source) throws IOException {
    return Files.writeString(folder.resolve("t.jinja"), source).toString();
  }

  private static List<JsonNode> lines(CommandRun run) throws IOException {
    assertEquals(0, run.code(), run.err());
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void everyField_reachesTheTemplate() throws IOException {
    String file =
        template(
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}={{ m.content }}]{% endfor %}"
                + "{{ tools|tojson }}{{ documents[0].text }}{{ enable_thinking }}"
                + "{{ 'P' if add_generation_prompt }}{{ eos_token }}");
    String line =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"false\"}], \"tools\": [{\"n\": 1.50}],"
            + " \"documents\": [{\"text\": \"ü\\u001b\"}], \"add_generation_prompt\": true,"
            + " \"variables\": {\"enable_thinking\": false}}\n";
    List<JsonNode> lines =
        lines(
            render(
                line,
                "--template",
                file,
                "--token",
                "bos_token=<s>",
                "--token",
                "eos_token=a=b",
                "--conversations",
                "-"));
    assertEquals(1, lines.size());
    assertEquals(
        "<s>[user=false][{\"n\": 1.5}]ü\u001bFalsePa=b", lines.get(0).get("text").asText());
  }

  /** As of {@code yes | hbar render ... | head}: nobody reads on, and the input has no end. */
  @Test
  @Timeout(30)
  void endlessConversationsIntoAClosedPipe_end() throws IOException {
    byte[] line = (HI + "\n").getBytes(StandardCharsets.UTF_8);
    InputStream endless =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return line[at++ % line.length];
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            bytes[from] = (byte) read();
            return 1;
          }
        };
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment = CommandRun.environment(endless, closed, err);
    String[] words = {"render", "--template", template("{{ 1 }}"), "--conversations", "-"};
    assertEquals(1, Main.run(words, environment));
    assertEquals(
        "hbar: the output could not be written whole; stdout is closed or its disk full",
        err.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void markBlankLinesAndGzip_changeNothing_andDuplicatesAreNamed() throws IOException {
    String text = "\uFEFF" + HI + "\n\n" + "{\"messages\":[],\"messages\":[]}\n \n";
    Path packed = folder.resolve("c.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String file = template("{{ messages[0].content }}");
    for (String from : List.of("-", packed.toString())) {
      List<JsonNode> lines = lines(render(text, "--template", file, "--conversations", from));
      assertEquals(2, lines.size());
      assertEquals(
          lines(render(HI, "--template", file, "--conversations", "-")).getFirst(),
          lines.getFirst());
      String error = lines.get(1).get("error").asText();
      assertTrue(
          error.contains("line 3") && error.contains("field 'messages' is there twice"), error);
    }
  }

  @Test
  void absentFields_areNoneAndFalse() throws IOException {
    String file =
        template("{{ tools is none }}{{ documents }}{{ add_generation_prompt }}{{ x is defined }}");
    List<JsonNode> lines = lines(render(HI, "--template", file, "--conversations", "-"));
    assertEquals("TrueNoneFalseFalse", lines.get(0).get("text").asText());
  }

  @Test
  void badLines_giveErrorsAndTheOthersTexts() throws IOException {
    String file =
        template(
            "{% if messages[0].content == 'no' %}{{ raise_exception('not you') }}{% endif %}ok");
    Path conversations = folder.resolve("c.jsonl");
    Files.writeString(
        conversations,
        String.join(
            "\n",
            HI,
            "{broken",
            HI.replace("Hi", "no"),
            "{\"messages\": \"x\"}",
            "{}",
            "{\"messages\": []}",
            "{\"messages\": [1]}",
            "",
            HI));
    List<JsonNode> lines =
        lines(render("", "--template", file, "--conversations", conversations.toString()));
    assertEquals(8, lines.size());
    assertEquals("ok", lines.get(0).get("text").asText());
    assertTrue(lines.get(1).get("error").asText().contains("line 2"), lines.toString());
    assertTrue(lines.get(2).get("error").asText().contains("not you"), lines.toString());
    for (int i = 3; i < 7; i++) {
      assertTrue(lines.get(i).has("error"), lines.toString());
    }
    assertEquals("ok", lines.get(7).get("text").asText());
  }

  @Test
  void checkpoint_choosesItsTemplateByTools() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<b>\", \"chat_template\": ["
            + "{\"name\": \"default\", \"template\": \"D{{ bos_token }}\"},"
            + "{\"name\": \"tool_use\", \"template\": \"T{{ tools|length }}\"}]}");
    String tools = HI.substring(0, HI.length() - 1) + ", \"tools\": [{}, {}]}";
    List<JsonNode> lines =
        lines(render(HI + "\n" + tools, folder.toString(), "--conversations", "-"));
    assertEquals("D<b>", lines.get(0).get("text").asText());
    assertEquals("T2", lines.get(1).get("text").asText());
  }

  @Test
  void reasoning_reachesTheTemplateUnderItsNames() throws IOException {
    String file = template("{% set m = messages[0] %}{{ m.reasoning_content }} {{ m.thinking }}");
    String line =
        "{\"messages\": [{\"role\": \"assistant\", \"reasoning\": \"r\", \"content\": null}]}";
    List<JsonNode> lines = lines(render(line, "--template", file, "--conversations", "-"));
    assertEquals("r r", lines.get(0).get("text").asText());
    List<JsonNode> asItIs =
        lines(render(line, "--template", template("{{ messages[0] }}"), "--conversations", "-"));
    assertEquals(
        "{'role': 'assistant', 'reasoning': 'r', 'content': None}",
        asItIs.get(0).get("text").asText());
  }

  @Test
  void wrongUse_isOneLine() {
    assertEquals(2, render(HI, "--conversations", "-").code());
    assertEquals(2, render(HI, "x", "--template", "y", "--conversations", "-").code());
    assertEquals(2, render(HI, "x", "--token", "a=b", "--conversations", "-").code());
    CommandRun absent = render(HI, "--template", "absent.jinja", "--conversations", "-");
    assertEquals(1, absent.code());
    assertEquals(1, absent.err().lines().count(), absent.err());
  }
}
