package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.serve.engine.Admission;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.ApiException.Kind;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Metrics;
import dev.hbar.serve.engine.ModelPool;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFormTest {
  private static Messages messages() {
    ModelPool.Source none =
        new ModelPool.Source() {
          @Override
          public GenerationModel open(String checkpoint) {
            throw new IllegalStateException(checkpoint);
          }

          @Override
          public HaltPolicy policy(GenerationModel model) {
            throw new IllegalStateException();
          }
        };
    ModelPool pool =
        new ModelPool(List.of("x"), none, 1, Optional.empty(), Optional.empty(), Clock.systemUTC());
    return new Messages(new Engine(pool, new Admission(1, 1), new Metrics(), Clock.systemUTC()));
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, 400, invalid_request_error, , invalid_request_error",
    "UNAUTHORIZED, 401, authentication_error, invalid_api_key, authentication_error",
    "FORBIDDEN, 403, invalid_request_error, , permission_error",
    "NOT_FOUND, 404, invalid_request_error, model_not_found, not_found_error",
    "METHOD, 405, invalid_request_error, , invalid_request_error",
    "TOO_LARGE, 413, invalid_request_error, , request_too_large",
    "BUSY, 429, rate_limit_error, rate_limit_exceeded, rate_limit_error",
    "FAILED, 500, server_error, , api_error",
    "UNAVAILABLE, 503, server_error, , overloaded_error"
  })
  void everyKind_hasItsStatusAndEachProtocolsWord(
      Kind kind, int status, String openAi, String code, String anthropic) {
    assertEquals(status, kind.status());
    JsonNode error = OpenAi.error(ApiException.of(kind, "why")).get("error");
    assertEquals(openAi, error.get("type").textValue());
    assertEquals(code, error.get("code").textValue());
    assertEquals("why", error.get("message").textValue());
    JsonNode other = messages().error(ApiException.of(kind, "why"));
    assertEquals("error", other.get("type").textValue());
    assertEquals(anthropic, other.at("/error/type").textValue());
  }

  @Test
  void field_isNamedApart() {
    JsonNode error = OpenAi.error(ApiException.field("a.b[1]", "is odd")).get("error");
    assertEquals("a.b[1]", error.get("param").textValue());
    assertEquals("a.b[1]: is odd", error.get("message").textValue());
    assertTrue(OpenAi.error(ApiException.of(Kind.BUSY, "x")).at("/error/param").isNull());
  }
}
