package dev.hbar.cli;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * SIGINT and SIGTERM as a flag that a loop checks between two steps, so that a step is finished and
 * flushed. A second signal ends the process at once. Closing gives the signals back to the JVM.
 */
final class Interrupts implements AutoCloseable {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";
  private static final int LONGEST_STEP_SECONDS = 1;

  private final PrintWriter err;
  private final AtomicInteger exitCode = new AtomicInteger();
  private final Map<Object, Object> handlersBefore = new LinkedHashMap<>();

  private final CountDownLatch stepDone = new CountDownLatch(1);
  private volatile boolean atOnce;
  private volatile Optional<Supplier<String>> lastWords = Optional.empty();

  private Interrupts(PrintWriter err) {
    this.err = err;
  }

  /** Without signals: for a caller that raises the flag itself. */
  static Interrupts unarmed(PrintWriter err) {
    return new Interrupts(err);
  }

  /** Catches both signals until closed. */
  static Interrupts install(PrintWriter err) {
    Interrupts interrupts = new Interrupts(err);
    interrupts.catchSignal("INT", ExitCodes.INTERRUPTED);
    interrupts.catchSignal("TERM", ExitCodes.TERMINATED);
    return interrupts;
  }

  /**
   * Catches both signals until closed; until {@link #finishSteps} already the first one ends the
   * process. For work that has nothing to save yet and whose steps are long, such as a prefill.
   */
  static Interrupts installAtOnce(PrintWriter err) {
    Interrupts interrupts = install(err);
    interrupts.endAtOnce();
    return interrupts;
  }

  /** From now on the first signal ends the process: nothing would be lost. Any thread may call. */
  void endAtOnce() {
    atOnce = true;
  }

  /** From now on the first signal lets the step that is going on finish. Any thread may call. */
  void finishSteps() {
    atOnce = false;
  }

  /**
   * From now on a step that takes longer than a second after the first signal is cut off: the
   * process says its last words and ends. For work that the next run takes up from its file.
   */
  void cutLongSteps(Supplier<String> words) {
    lastWords = Optional.of(words);
    atOnce = false;
  }

  /** Whether to stop, asked between two steps. Any thread may ask. */
  boolean requested() {
    boolean stop = exitCode.get() != 0;
    if (stop) {
      stepDone.countDown();
    }
    return stop;
  }

  /** 130 or 143 once a signal came, else 0. */
  int exitCode() {
    return exitCode.get();
  }

  /** Ends the process at once with one line: what it waits for in native code will never come. */
  void end(String words) {
    err.println("hbar: " + words);
    err.flush();
    Runtime.getRuntime().halt(ExitCodes.FAILED);
  }

  @Override
  public void close() {
    stepDone.countDown();
    handlersBefore.forEach(
        (signal, handler) -> {
          try {
            handle(signal, handler);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a handler that was there can be set again", e);
          }
        });
    handlersBefore.clear();
  }

  /**
   * What a signal does.
   *
   * @return whether this was the first one
   */
  boolean raise(int code) {
    boolean first = exitCode.compareAndSet(0, code);
    if (first) {
      err.println();
      err.println("hbar: stopping after this step; press Ctrl-C again to stop at once");
    }
    return first;
  }

  /**
   * sun.misc.Signal is the supported API of module jdk.unsupported, and there is no other; javac
   * warns about it without a way to say "yes", hence reflection.
   */
  private void catchSignal(String name, int code) {
    try {
      Class<?> handler = Class.forName(HANDLER);
      Object signal = Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> onSignal(method.getName(), code));
      handlersBefore.put(signal, handle(signal, ours));
    } catch (InvocationTargetException e) {
      // java -Xrs keeps its signals: then the process just ends, and the journal survives that.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName(HANDLER))
        .invoke(null, signal, handler);
  }

  private Object onSignal(String method, int code) {
    if (method.equals("handle") && (atOnce || !raise(code) || isCut())) {
      // No hooks, no native calls: the caller asked for an end at once.
      Runtime.getRuntime().halt(code);
    }
    return null;
  }

  /** Waits for the end of the step, in the thread that the JVM made for this signal. */
  private boolean isCut() {
    try {
      if (lastWords.isEmpty() || stepDone.await(LONGEST_STEP_SECONDS, TimeUnit.SECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    err.println("hbar: " + lastWords.get().get());
    err.flush();
    return true;
  }
}
