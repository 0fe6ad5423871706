package dev.hbar.mlx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;

/** A host program that ends in the middle of matrix products, and has an exit handler in C. */
final class ExitScene {
  static final String HANDLER = "the host's handler in C";
  static final String HOOK = "the host's hook in Java";
  static final int CODE = 7;
  private static final int SIDE = 1024;
  private static final int PRODUCTS = 12;

  private ExitScene() {}

  /** First argument: how it ends; a second one: that it does so at once. */
  public static void main(String[] arguments) throws Throwable {
    registerInC();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(HOOK)));
    if (arguments.length > 1) {
      Mlx.exitAtOnce();
    }
    CountDownLatch running = new CountDownLatch(2);
    Thread worker = new Thread(() -> multiply(running), "worker");
    worker.setDaemon(true);
    worker.start();
    running.await();
    switch (arguments[0]) {
      case "exit" -> System.exit(CODE);
      case "halt" -> Runtime.getRuntime().halt(CODE);
      case "return" -> System.out.println("returning");
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Without end; each evaluation is a chain of products. */
  private static void multiply(CountDownLatch running) {
    MlxThread.run(
        () -> {
          try (MlxScope model = MlxScope.open("model")) {
            MlxArray matrix = model.floats(new float[SIDE * SIDE], SIDE, SIDE);
            while (true) {
              try (MlxScope run = model.child("run")) {
                MlxArray product = matrix;
                for (int i = 0; i < PRODUCTS; i++) {
                  product = run.ops().matmul(product, matrix);
                }
                run.asyncEval(product);
                running.countDown();
                run.eval(product);
              }
            }
          }
        });
  }

  /** puts is a handler that takes one pointer; what it says is written when exit ends in order. */
  private static void registerInC() throws Throwable {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    FunctionDescriptor type =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    int status =
        (int)
            linker
                .downcallHandle(libc.findOrThrow("__cxa_atexit"), type)
                .invokeExact(
                    libc.findOrThrow("puts"),
                    Arena.global().allocateFrom(HANDLER),
                    MemorySegment.NULL);
    if (status != 0) {
      throw new IllegalStateException("no handler");
    }
  }
}
