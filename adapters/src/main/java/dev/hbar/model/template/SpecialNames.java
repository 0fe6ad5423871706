package dev.hbar.model.template;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of some names the statements load before they store them. */
final class SpecialNames {

  private final Set<String> searched;
  private final Set<String> found = new HashSet<>();

  private SpecialNames(Set<String> searched) {
    this.searched = new HashSet<>(searched);
  }

  static Set<String> undeclared(List<Stmt> statements, Set<String> names) {
    SpecialNames search = new SpecialNames(names);
    search.statements(statements);
    return search.found;
  }

  private void statements(List<Stmt> statements) {
    Budget.enter();
    statements.forEach(this::statement);
    Budget.leave();
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Output output -> expression(output.value());
      case Stmt.If condition -> {
        expression(condition.test());
        statements(condition.body());
        condition.elifs().forEach(this::statement);
        statements(condition.otherwise());
      }
      case Stmt.For loop -> {
        target(loop.target());
        expression(loop.items());
        statements(loop.body());
        statements(loop.otherwise());
        loop.test().ifPresent(this::expression);
      }
      case Stmt.Assign assign -> {
        target(assign.target());
        expression(assign.value());
      }
      case Stmt.AssignBlock assign -> {
        target(assign.target());
        assign.filter().ifPresent(this::expression);
        statements(assign.body());
      }
      default -> nested(statement);
    }
  }

  private void nested(Stmt statement) {
    switch (statement) {
      case Stmt.With with -> {
        with.targets().forEach(this::target);
        with.values().forEach(this::expression);
        statements(with.body());
      }
      case Stmt.Autoescape block -> {
        expression(block.on());
        statements(block.body());
      }
      case Stmt.FilterBlock block -> {
        statements(block.body());
        expression(block.filter());
      }
      case Stmt.Macro macro -> {
        macro.signature().names().forEach(searched::remove);
        macro.signature().defaults().forEach(this::expression);
        statements(macro.body());
      }
      case Stmt.CallBlock block -> {
        block.call().ifPresent(this::expression);
        block.signature().names().forEach(searched::remove);
        block.signature().defaults().forEach(this::expression);
        statements(block.body());
      }
      default -> {
        // Holds no names, or is a block, which is not looked into.
      }
    }
  }

  private void target(Expr target) {
    if (target instanceof Expr.Name name) {
      searched.remove(name.name());
    } else {
      Children.of(target, this::target);
    }
  }

  private void expression(Expr expression) {
    if (expression instanceof Expr.Name name && searched.contains(name.name())) {
      found.add(name.name());
    }
    Children.of(expression, this::expression);
  }
}
