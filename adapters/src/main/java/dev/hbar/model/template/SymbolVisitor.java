package dev.hbar.model.template;

import java.util.List;
import java.util.Optional;

/** Tells a frame which names its own statements load and store; inner frames are not entered. */
final class SymbolVisitor {

  private Symbols symbols;

  SymbolVisitor(Symbols symbols) {
    this.symbols = symbols;
  }

  void statements(List<Stmt> statements) {
    statements.forEach(this::statement);
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Output output -> expression(output.value());
      case Stmt.If condition -> condition(condition);
      case Stmt.For loop -> expression(loop.items());
      case Stmt.Assign assign -> {
        expression(assign.value());
        target(assign.target());
      }
      case Stmt.AssignBlock assign -> target(assign.target());
      case Stmt.With with -> with.values().forEach(this::expression);
      case Stmt.FilterBlock block -> expression(block.filter());
      case Stmt.Macro macro -> symbols.store(macro.name());
      case Stmt.CallBlock block -> block.call().ifPresent(this::expression);
      case Stmt.Text _, Stmt.Autoescape _, Stmt.Block _, Stmt.Jump _, Stmt.Unsupported _ -> {
        // No names of this frame.
      }
    }
  }

  private void condition(Stmt.If condition) {
    expression(condition.test());
    Symbols original = symbols;
    Symbols body = branch(original, () -> statements(condition.body()));
    Symbols elifs = branch(original, () -> condition.elifs().forEach(this::condition));
    Symbols otherwise = branch(original, () -> statements(condition.otherwise()));
    symbols = original;
    symbols.join(List.of(body, elifs, otherwise));
  }

  private Symbols branch(Symbols original, Runnable visit) {
    Symbols copy = original.copy();
    symbols = copy;
    visit.run();
    return copy;
  }

  void target(Expr target) {
    switch (target) {
      case Expr.Name name -> symbols.store(name.name());
      case Expr.NamespaceRef reference -> symbols.load(reference.name());
      case Expr.TupleOf tuple -> tuple.items().forEach(this::target);
      default -> expression(target);
    }
  }

  void parameters(Expr target) {
    if (target instanceof Expr.Name name) {
      symbols.parameter(name.name());
    } else if (target instanceof Expr.TupleOf tuple) {
      tuple.items().forEach(this::parameters);
    }
  }

  void expressions(Optional<Expr> expression) {
    expression.ifPresent(this::expression);
  }

  void expression(Expr expression) {
    if (expression instanceof Expr.Name name) {
      symbols.load(name.name());
    }
    Children.of(expression, this::expression);
  }
}
