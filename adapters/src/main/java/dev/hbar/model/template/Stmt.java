package dev.hbar.model.template;

import java.util.List;
import java.util.Optional;

/** A statement of a template; each knows the line it begins on. */
sealed interface Stmt {

  int line();

  record Text(int line, String text) implements Stmt {}

  record Output(int line, Expr value) implements Stmt {}

  record If(int line, Expr test, List<Stmt> body, List<If> elifs, List<Stmt> otherwise)
      implements Stmt {}

  record For(
      int line,
      Expr target,
      Expr items,
      Optional<Expr> test,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record Assign(int line, Expr target, Expr value) implements Stmt {}

  record AssignBlock(int line, Expr target, Optional<Expr> filter, List<Stmt> body)
      implements Stmt {}

  record With(int line, List<Expr> targets, List<Expr> values, List<Stmt> body) implements Stmt {}

  record Autoescape(int line, Expr on, List<Stmt> body) implements Stmt {}

  record FilterBlock(int line, Expr filter, List<Stmt> body) implements Stmt {}

  record Macro(int line, String name, Signature signature, List<Stmt> body) implements Stmt {}

  /** Without a call it is {@code generation}, which prints its body. */
  record CallBlock(int line, Optional<Expr.Call> call, Signature signature, List<Stmt> body)
      implements Stmt {}

  record Block(int line, String name, List<Stmt> body) implements Stmt {}

  record Jump(int line, boolean out) implements Stmt {}

  /** A tag that needs other templates: it fails when it is reached. */
  record Unsupported(int line, String tag) implements Stmt {}

  /** Parameters of a macro; the defaults belong to the last ones. */
  record Signature(List<String> names, List<Expr> defaults) {
    static final Signature EMPTY = new Signature(List.of(), List.of());

    Optional<Expr> defaultOf(int index) {
      int at = index - (names.size() - defaults.size());
      return at < 0 ? Optional.empty() : Optional.of(defaults.get(at));
    }
  }
}
