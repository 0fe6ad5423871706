package dev.hbar.model.template;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which expressions Jinja2 computes while it compiles a template. */
final class Constants {
  /** Filters that need to know where they run. */
  private static final Set<String> RUNNING =
      Set.of("map", "select", "reject", "selectattr", "rejectattr");

  private Constants() {}

  /**
   * Whether nothing in it can change; a literal decides which part counts.
   *
   * @param filtered filters and tests of constants are constant too
   */
  static boolean isConstant(Expr expression, boolean filtered) {
    return switch (expression) {
      case Expr.Conditional(Expr.Const test, Expr then, Optional<Expr> otherwise) ->
          (Truth.of(test.value()) ? Optional.of(then) : otherwise)
              .filter(part -> isConstant(part, filtered))
              .isPresent();
      case Expr.Logic(boolean and, Expr.Const left, Expr right) ->
          Truth.of(left.value()) != and || isConstant(right, filtered);
      default -> isConstantThroughout(expression, filtered);
    };
  }

  private static boolean isConstantThroughout(Expr expression, boolean filtered) {
    boolean alone =
        switch (expression) {
          case Expr.Name _, Expr.NamespaceRef _, Expr.Call _ -> false;
          case Expr.Filter filter ->
              filtered && filter.target().isPresent() && !RUNNING.contains(filter.name());
          case Expr.Test _ -> filtered;
          default -> true;
        };
    AtomicBoolean constant = new AtomicBoolean(alone);
    if (alone) {
      Children.of(
          expression,
          part -> constant.compareAndSet(true, constant.get() && isConstant(part, filtered)));
    }
    return constant.get();
  }
}
