package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.engine.ApiException;

/** One path of a protocol. Any thread. */
public interface Endpoint {
  /**
   * Answers a request.
   *
   * @param body of the request
   * @throws ApiException what the request has to do otherwise
   * @throws dev.hbar.mlx.HbarException what the model cannot do
   */
  void answer(ObjectNode body, Reply reply);

  /** The body of an error as the clients of this protocol read it. */
  default JsonNode error(ApiException error) {
    return OpenAi.error(error);
  }

  /** The name of the event that carries an error in the middle of a stream; empty for none. */
  default String errorEvent() {
    return "";
  }
}
