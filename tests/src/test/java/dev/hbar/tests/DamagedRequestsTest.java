package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.Mutants;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged bodies of requests to a server on a tiny model: answered, or refused as the request's
 * fault in the protocol's form, in one printable line. Never a failure of the server.
 */
class DamagedRequestsTest {
  private static final Pattern FAILURE = Pattern.compile("\"(server|api)_error\"");

  @TempDir private static Path folder;

  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    boolean required = Boolean.getBoolean("hbar.native.required");
    assumeTrue(required || Mlx.unavailable().isEmpty(), () -> Mlx.unavailable().orElse(""));
    Path model = Files.createDirectory(folder.resolve("model"));
    // Small, since a damaged request may ask for as many tokens as there is room for.
    TinyModel tiny = new RandomCheckpoint("llama", "{'max_position_embeddings': 256}");
    MlxThread.call(
        () -> {
          tiny.load(model, MaskChoice.AUTO).close();
          return null;
        });
    RandomCheckpoint.writeTokenizer(model);
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{{ tools|tojson }}");
    server = RunningServer.of(model);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  /** What the server said of a body that it did not take. */
  private static final class Refused extends HbarException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "/v1/chat/completions `{'messages': [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}]}], 'max_tokens': 2, 'temperature': 0.5, 'top_p': 0.9, 'seed': 7, 'stop': ['x'], 'logprobs': true, 'top_logprobs': 2, 'logit_bias': {'5': 1.5}, 'stream': true, 'uncertainty': {'tokens': true}}`",
        "/v1/chat/completions `{'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 9, 'n': 2, 'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'schema': {'type': 'object', 'properties': {'a': {'type': 'integer', 'minimum': 1, 'maximum': 9}, 'b': {'enum': ['x', 'y']}}, 'required': ['a', 'b']}}}}`",
        "/v1/completions `{'prompt': ['Hi', 'there'], 'max_tokens': 2, 'echo': true, 'logprobs': 3, 'frequency_penalty': 0.5, 'presence_penalty': 0.1, 'n': 2}`",
        "/v1/responses `{'input': [{'role': 'user', 'content': 'Hi'}, {'type': 'function_call_output', 'call_id': 'c', 'output': 'x'}], 'max_output_tokens': 2, 'tool_choice': 'auto', 'tools': [{'type': 'function', 'name': 'f', 'parameters': {'type': 'object', 'properties': {'city': {'type': 'string', 'maxLength': 5}}}}]}`",
        "/v1/messages `{'system': 'Be brief.', 'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}, {'type': 'tool_result', 'tool_use_id': 't', 'content': 'x'}]}], 'max_tokens': 2, 'stop_sequences': ['x'], 'top_k': 5, 'stream': true}`",
        "/v1/embeddings `{'input': ['Hi', 'there'], 'encoding_format': 'base64'}`",
        "/v1/score `{'prompt': 'Hi', 'answer': ' there', 'model': 'model'}`",
        "/v1/tokenize `{'messages': [{'role': 'user', 'content': 'Hi'}], 'add_special_tokens': false}`"
      })
  void damagedBody_isAnsweredOrRefused(String path, String sound) throws IOException {
    Path body = folder.resolve("body.json");
    Files.writeString(body, sound.replace('\'', '"'));
    Mutants.refused(body, sound.length(), damaged -> answer(path, damaged));
  }

  private static void answer(String path, Path body) throws IOException {
    HttpResponse<String> response;
    try {
      response = server.send(server.request(path).POST(BodyPublishers.ofFile(body)));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    int status = response.statusCode();
    // A failure in the middle of a stream has no status of its own.
    if (status >= 500 || FAILURE.matcher(response.body()).find()) {
      throw new IllegalStateException(status + " " + response.body());
    }
    if (status != 200) {
      JsonNode said = RunningServer.JSON.readTree(response.body());
      assertEquals(path.equals("/v1/messages") ? "error" : "", said.path("type").asText());
      throw new Refused(body.getFileName() + ": " + said.at("/error/message").textValue());
    }
  }
}
