package dev.hbar.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hbar.mlx.ErrorText;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The program of the process that holds the native library, so that a panic ends it and not its
 * parent. It reads requests from stdin and answers on stdout until stdin ends.
 *
 * <p>It needs only this package and the library's jar: {@link WorkerProcess} starts it.
 */
final class TokenizerWorker {

  static final int OPEN = 1;
  static final int ENCODE = 2;
  static final int DECODE = 3;
  static final int CLOSE = 4;

  /** Begins an answer that holds what was asked for. */
  static final int DONE = 17;

  /** Begins an answer that holds the text of a fault. */
  static final int FAULT = 18;

  private TokenizerWorker() {}

  /**
   * Works until stdin ends.
   *
   * @param args the file of the native library
   */
  public static void main(String[] args) throws IOException {
    ignoreSignals();
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    try {
      System.load(args[0]);
      out.writeByte(DONE);
      out.flush();
      serve(in, out);
    } catch (LinkageError | OutOfMemoryError e) {
      fault(out, e);
      out.flush();
    }
    // No threads of the library's own are waited for.
    Runtime.getRuntime().halt(0);
  }

  private static void serve(DataInputStream in, DataOutputStream out) throws IOException {
    TokenizerCalls calls = new LibraryCalls(TokenizersLibrary.LIB);
    for (int request = in.read(); request >= 0; request = in.read()) {
      answer(calls, request, in, out);
      out.flush();
    }
  }

  /** The terminal signals parent and child alike, and the parent may still have text to decode. */
  private static void ignoreSignals() {
    try {
      // By name, as javac warns of it by design and no other way exists.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (String name : List.of("INT", "TERM", "HUP")) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(
                null,
                signal.getConstructor(String.class).newInstance(name),
                handler.getField("SIG_IGN").get(null));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every JDK has sun.misc.Signal", e);
    }
  }

  private static void answer(
      TokenizerCalls calls, int request, DataInputStream in, DataOutputStream out)
      throws IOException {
    long handle = request == OPEN ? 0 : in.readLong();
    boolean special = (request == ENCODE || request == DECODE) && in.readBoolean();
    Object result;
    try {
      result =
          switch (request) {
            case OPEN -> calls.open(readText(in));
            case ENCODE -> calls.encode(handle, readText(in), special);
            case DECODE -> calls.decode(handle, readIds(in), special);
            default -> {
              calls.close(handle);
              yield "";
            }
          };
    } catch (RuntimeException e) {
      fault(out, e);
      return;
    }
    out.writeByte(DONE);
    switch (result) {
      case Long opened -> out.writeLong(opened);
      case int[] ids -> writeIds(out, ids);
      default -> writeText(out, result.toString());
    }
  }

  private static void fault(DataOutputStream out, Throwable fault) throws IOException {
    out.writeByte(FAULT);
    writeText(out, ErrorText.reason(fault));
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  static void writeIds(DataOutputStream out, int[] ids) throws IOException {
    out.writeInt(ids.length);
    for (int id : ids) {
      out.writeInt(id);
    }
  }

  static int[] readIds(DataInputStream in) throws IOException {
    int[] ids = new int[in.readInt()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = in.readInt();
    }
    return ids;
  }
}
