package dev.hbar.serve.protocol;

/** What a stream has sent of the answer under way, and when it last said anything. */
final class StreamedText {
  /** Time between two signs of life while a long prompt is read. */
  private static final long PING_NANOS = 1_000_000_000L;

  private int sent;
  private long lastSign = System.nanoTime();

  /** Text that is sent with a token. */
  void add(String text) {
    sent += text.length();
    lastSign = System.nanoTime();
  }

  /** What has not been sent of a whole answer; the next answer begins anew. */
  String rest(String whole) {
    String rest = whole.substring(Math.min(sent, whole.length()));
    sent = 0;
    return rest;
  }

  /** Gives a sign of life if there was none for long: a client that has gone ends the job here. */
  boolean ping(Reply.Events events) {
    if (System.nanoTime() - lastSign > PING_NANOS) {
      events.ping();
      lastSign = System.nanoTime();
    }
    return true;
  }
}
