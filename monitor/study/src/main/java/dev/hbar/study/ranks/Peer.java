package dev.hbar.study.ranks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The other end of a connection: a message is a line of JSON, an empty line a sign of life. A line
 * that is too long, too long a silence and the end of the connection are all an IOException. One
 * thread receives, any may send.
 */
final class Peer implements AutoCloseable {
  /** Most bytes of a line before the other side has proved that it belongs here. */
  static final int SHORT = 1024;

  /** Most bytes of a line: of a score with its tokens, far above any real one. */
  static final int LONG = 1 << 25;

  private static final int BEAT_MILLIS = 1000;
  private static final int CHUNK = 1 << 13;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Socket socket;
  private final Duration silence;
  private final byte[] chunk = new byte[CHUNK];
  private int at;
  private int end;

  /**
   * Takes the socket over.
   *
   * @param silence that is too long
   */
  Peer(Socket socket, Duration silence) throws IOException {
    this.silence = silence;
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(BEAT_MILLIS);
  }

  /** Address of the other machine. */
  String host() {
    return socket.getInetAddress().getHostAddress();
  }

  /** From now on gives a sign of life every second, until closed. */
  void beat() {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  write(new byte[] {'\n'});
                  TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
                }
              } catch (IOException | InterruptedException over) {
                // Whoever receives notices.
              }
            });
  }

  void send(Message message) throws IOException {
    write((JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * The next message.
   *
   * @param most bytes of it
   * @param tooLate asked about once a second, and with whatever comes
   */
  Message receive(int most, BooleanSupplier tooLate) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (at == end) {
        fill(tooLate);
      }
      int from = at;
      while (at < end && chunk[at] != '\n') {
        at++;
      }
      line.write(chunk, from, at - from);
      if (line.size() > most) {
        throw new ProtocolException("sent a line of more than " + most + " bytes");
      }
      if (at < end) {
        at++;
        if (line.size() > 0) {
          return parsed(line.toString(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static Message parsed(String line) throws ProtocolException {
    try {
      return JSON.readValue(line, Message.class);
    } catch (JsonProcessingException e) {
      throw new ProtocolException("sent what is no message");
    }
  }

  private void fill(BooleanSupplier tooLate) throws IOException {
    long begin = System.nanoTime();
    while (true) {
      if (tooLate.getAsBoolean()) {
        throw new SocketTimeoutException("took too long");
      }
      try {
        end = Math.max(0, socket.getInputStream().read(chunk));
        at = 0;
        if (end == 0) {
          throw new EOFException("closed the connection");
        }
        return;
      } catch (SocketTimeoutException nothingYet) {
        if (System.nanoTime() - begin > silence.toNanos()) {
          throw new SocketTimeoutException("was silent for " + silence.toSeconds() + " s");
        }
      }
    }
  }

  /** Says the last word and lets the other side read it. */
  void end(Message last) {
    try (this) {
      send(last);
      socket.shutdownOutput();
      long begin = System.nanoTime();
      while (true) {
        receive(LONG, () -> System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(1));
      }
    } catch (IOException over) {
      // It has closed its side, or will not.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed all the same.
    }
  }
}
