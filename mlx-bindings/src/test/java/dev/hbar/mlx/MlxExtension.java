package dev.hbar.mlx;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs test, set-up and tear-down methods on MLX's thread and turns a leaked array into a failure
 * with its line.
 */
public final class MlxExtension
    implements ExecutionCondition, InvocationInterceptor, BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(MlxExtension.class);
  private static final boolean REQUIRED = Boolean.getBoolean("hbar.native.required");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> reason = Mlx.unavailable();
    if (reason.isPresent() && !REQUIRED) {
      return ConditionEvaluationResult.disabled("native MLX: " + reason.get());
    }
    return ConditionEvaluationResult.enabled("MLX is here, or its absence must fail");
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onOwner(invocation);
  }

  /** Callbacks of an extension enclose the set-up and tear-down methods of the test. */
  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(STORE).put("before", Mlx.liveArrays());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    requireNoLeak(context.getStore(STORE).get("before", Long.class));
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    interceptTestMethod(invocation, method, context);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onOwner(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onOwner(invocation);
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onOwner(invocation);
  }

  @Override
  public void interceptAfterAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onOwner(invocation);
  }

  private static void onOwner(Invocation<Void> invocation) throws Throwable {
    Throwable[] failure = new Throwable[1];
    MlxThread.run(
        () -> {
          try {
            invocation.proceed();
          } catch (Throwable thrown) {
            failure[0] = thrown;
          }
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  private static void requireNoLeak(long before) {
    long leaked = Mlx.liveArrays() - before;
    if (leaked != 0) {
      String places =
          Mlx.liveArrayTraces().stream()
              .limit(5)
              .map(MlxExtension::firstLineOutside)
              .collect(Collectors.joining("; "));
      throw new AssertionError(leaked + " arrays leaked, made at " + places);
    }
  }

  /** The innermost line that is not the bindings' own. */
  private static String firstLineOutside(Throwable creation) {
    return Arrays.stream(creation.getStackTrace())
        .filter(frame -> !frame.getClassName().startsWith("dev.hbar.mlx.internal."))
        .filter(frame -> !frame.getClassName().matches("dev\\.hbar\\.mlx\\.Mlx[A-Z][a-z]+"))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse("an unknown line");
  }
}
