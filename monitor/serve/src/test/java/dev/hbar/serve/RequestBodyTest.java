package dev.hbar.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.serve.engine.ApiException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void assertRefused(String said, byte[] body) {
    ApiException refused = assertThrows(ApiException.class, () -> RequestBody.object(body));
    assertEquals(ApiException.Kind.INVALID, refused.kind());
    assertTrue(refused.getMessage().startsWith(said), refused.getMessage());
  }

  @Test
  void utf8WithAndWithoutAByteOrderMark_isRead() {
    for (String mark : new String[] {"", "\ufeff"}) {
      byte[] body = (mark + "{\"a\": \"é😀\", \"b\": 2}").getBytes(StandardCharsets.UTF_8);
      assertEquals("é😀", RequestBody.object(body).get("a").textValue());
      assertEquals(2, RequestBody.object(body).get("b").intValue());
    }
  }

  /** An overlong zero, half a surrogate, a cut character, Latin 1, UTF-16. */
  @Test
  void otherBytes_areRefusedByTheirPlace() {
    assertRefused("the body is not UTF-8, see its byte 7", latin1("{\"a\": \"\u00c0\u0080\"}"));
    assertRefused("the body is not UTF-8, see its byte 8", latin1("{\"a\": \"x\u00ed\u00a0\u0080"));
    assertRefused("the body is not UTF-8, see its byte 7", latin1("{\"a\": \"\u00f0\u009f\u0098"));
    assertRefused("the body is not UTF-8, see its byte 2", latin1("{\"\u00e9\": 1}"));
    assertRefused("the body is not UTF-8, see its byte 0", "{}".getBytes(StandardCharsets.UTF_16));
  }

  @Test
  void otherJson_isRefusedByLineAndColumn() {
    assertRefused("the body is not JSON: unexpected '1'", latin1("{\n\"a\" 1}"));
    assertRefused("the body must be a JSON object", latin1("[{}, {}]"));
    assertRefused("the body must be a JSON object", latin1(""));
    ApiException twice =
        assertThrows(ApiException.class, () -> RequestBody.object(latin1("{\n\"a\": 1} {}")));
    assertTrue(twice.getMessage().endsWith("(line 2, column 9)"), twice.getMessage());
  }
}
