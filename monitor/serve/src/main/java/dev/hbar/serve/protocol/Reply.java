package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/** Where an answer goes: one JSON document, or a stream of events. One of the two, once. */
public interface Reply {
  /** Sends the whole answer. */
  void json(JsonNode body);

  /** Begins a stream of server-sent events. */
  Events events();

  /**
   * A stream of server-sent events. A client that has gone away ends the request by an exception.
   */
  interface Events {
    /** Sends an event without a name. */
    void send(JsonNode data);

    /** Sends an event of a name. */
    void send(String name, JsonNode data);

    /** Sends a line that clients pass over, which finds out whether one is there. */
    void ping();

    /** Sends the text that ends a stream of OpenAI's. */
    void done();
  }
}
