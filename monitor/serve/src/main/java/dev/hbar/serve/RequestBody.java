package dev.hbar.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.JsonFault;
import dev.hbar.serve.engine.ApiException;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what a request carries: a JSON object in UTF-8. */
final class RequestBody {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String BYTE_ORDER_MARK = "\ufeff";

  private RequestBody() {}

  /**
   * Reads the body to its end.
   *
   * @throws ApiException if it is larger than {@code most} bytes, ends too early, or is no object
   * @throws UncheckedIOException if the client has gone
   */
  static ObjectNode read(ServerRequest request, long most) {
    byte[] bytes = bytes(request, most);
    if (bytes.length > most) {
      throw ApiException.of(
          ApiException.Kind.TOO_LARGE, "the body is larger than " + most + " bytes");
    }
    return object(bytes);
  }

  private static byte[] bytes(ServerRequest request, long most) {
    try (InputStream in = request.content().inputStream()) {
      return in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most + 1));
    } catch (InsufficientDataAvailableException e) {
      throw wrong("the body ends before its Content-Length, or its last chunk");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CloseConnectionException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** The object that bytes are the text of. */
  static ObjectNode object(byte[] bytes) {
    try {
      if (JSON.readTree(text(bytes)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw wrong("the body is not JSON: " + JsonFault.of(e.getOriginalMessage()) + place(e));
    }
    throw wrong("the body must be a JSON object");
  }

  /** Without a byte order mark; bytes that are no UTF-8 are not guessed at. */
  private static String text(byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw wrong("the body is not UTF-8, see its byte " + rest.position());
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private static ApiException wrong(String problem) {
    return ApiException.of(ApiException.Kind.INVALID, problem);
  }
}
