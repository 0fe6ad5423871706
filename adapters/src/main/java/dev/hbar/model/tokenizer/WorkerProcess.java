package dev.hbar.model.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One running {@link TokenizerWorker}. Used by one thread at a time. */
final class WorkerProcess {

  /** Some hundred times what the longest text takes: only a pattern that explodes gets here. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** A process that ends needs milliseconds, on a machine that is busy with others seconds. */
  private static final Duration ENDING = Duration.ofSeconds(20);

  private static final int KEPT_OF_STDERR = 4096;

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final StringBuffer said = new StringBuffer();
  private final Thread listener;
  private volatile boolean late;
  private boolean greeted;

  /** Writes a request. */
  interface Request {
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads what follows {@link TokenizerWorker#DONE}. */
  interface Answer<T> {
    T read(DataInputStream in) throws IOException;
  }

  private WorkerProcess(Process process) {
    this.process = process;
    in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    listener = Thread.ofVirtual().start(this::listen);
  }

  /** Whether a process can be started from where this class was loaded: plain files. */
  static boolean possible() {
    return classPath().isPresent() && Files.isExecutable(java());
  }

  /**
   * Starts a process; that it is ready is found out with the first {@link #call}.
   *
   * @param library the native library
   * @throws CheckpointException if the system starts none
   */
  static WorkerProcess start(Path library) {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    // Small and quick to start; it must not print anything of its own to stdout.
    command.addAll(
        List.of(
            "-Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xlog:disable"
                .split(" ")));
    command.addAll(
        List.of(
            "-XX:ReservedCodeCacheSize=16m -XX:CompressedClassSpaceSize=32m -XX:+DisplayVMOutputToStderr"
                .split(" ")));
    command.addAll(
        List.of(
            "-XX:+SuppressFatalErrorMessage -XX:-CreateCoredumpOnCrash --enable-native-access=ALL-UNNAMED -cp"
                .split(" ")));
    command.add(classPath().orElseThrow());
    command.add(TokenizerWorker.class.getName());
    command.add(library.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    // Options meant for the parent, such as a debugger's port.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    try {
      return new WorkerProcess(builder.start());
    } catch (IOException e) {
      throw new CheckpointException(
          "the process that tokenizes cannot be started (%s): raise the limit of processes and memory (ulimit -u, ulimit -v), or tokenize in this one with -Dhbar.tokenizer.inside=true"
              .formatted(ErrorText.reason(e)));
    }
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Only what the worker needs: this package, the library's classes and its exceptions. */
  private static Optional<String> classPath() {
    List<Optional<Path>> parts =
        Stream.of(
                TokenizerWorker.class,
                ErrorText.class,
                TokenizersLibrary.class,
                EngineException.class)
            .map(WorkerProcess::origin)
            .toList();
    return parts.stream().allMatch(Optional::isPresent)
        ? Optional.of(
            parts.stream()
                .map(part -> part.orElseThrow().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator)))
        : Optional.empty();
  }

  private static Optional<Path> origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      URI place = source.getLocation().toURI();
      return place.getScheme().equals("file") ? Optional.of(Path.of(place)) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @throws WorkerFault if the library reports a fault, or the process ended over it
   */
  <T> T call(Request request, Answer<T> answer) {
    Thread watch = Thread.ofVirtual().start(this::endWhenLate);
    try {
      if (!greeted) {
        status();
        greeted = true;
      }
      request.write(out);
      out.flush();
      status();
      return answer.read(in);
    } catch (IOException e) {
      throw new WorkerFault(end(), e);
    } finally {
      watch.interrupt();
    }
  }

  private void status() throws IOException {
    int status = in.read();
    if (status == TokenizerWorker.FAULT) {
      throw new WorkerFault(TokenizerWorker.readText(in), null);
    }
    if (status != TokenizerWorker.DONE) {
      throw new IOException("no answer");
    }
  }

  private void endWhenLate() {
    try {
      Thread.sleep(LONGEST);
      late = true;
      process.destroyForcibly();
    } catch (InterruptedException answered) {
      // Nothing is late.
    }
  }

  /** Ends the process, and says why it had ended. */
  private String end() {
    if (late) {
      return "the tokenizers library took more than " + LONGEST.toMinutes() + " minutes";
    }
    try {
      if (!process.waitFor(ENDING.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      listener.join(ENDING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String panic =
        said.toString()
            .lines()
            .dropWhile(line -> !line.contains("panicked at"))
            .limit(2)
            .collect(Collectors.joining(" "))
            .replaceAll("^.*panicked at \\S*?([^/\\s]+/src/\\S+) ", "panic at $1 ");
    return panic.isEmpty()
        ? "the tokenizers library ended its process"
        : "the tokenizers library gave up: " + panic;
  }

  /** Reads stderr until it ends, so that the process never waits for room in the pipe. */
  private void listen() {
    byte[] bytes = new byte[1024];
    try (InputStream err = process.getErrorStream()) {
      for (int count = err.read(bytes); count >= 0; count = err.read(bytes)) {
        if (said.length() < KEPT_OF_STDERR) {
          said.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException ended) {
      // With the process.
    }
  }

  /** A fault of the library. */
  static final class WorkerFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private WorkerFault(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
