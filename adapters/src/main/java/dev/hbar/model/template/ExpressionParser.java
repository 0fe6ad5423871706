package dev.hbar.model.template;

import dev.hbar.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Parses expressions with Jinja2's precedences. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenStream tokens;
  private final PrimaryParser primary;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.primary = new PrimaryParser(tokens, this);
  }

  Expr expression() {
    tokens.enter();
    Expr expression = conditional();
    tokens.leave();
    return expression;
  }

  private Expr expression(boolean withConditional) {
    if (withConditional) {
      return expression();
    }
    tokens.enter();
    Expr expression = or();
    tokens.leave();
    return expression;
  }

  private Expr conditional() {
    Expr value = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Optional<Expr> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expr.Conditional(test, value, otherwise);
    }
    return value;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Logic(false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.Logic(true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (tokens.skipName("not")) {
      tokens.enter();
      Expr operand = not();
      tokens.leave();
      return new Expr.Not(operand);
    }
    return comparison();
  }

  private Expr comparison() {
    Expr first = sum();
    List<Expr.Operand> rest = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.value())) {
        tokens.next();
        rest.add(new Expr.Operand(token.value().toString(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Expr.Operand("in", sum()));
      } else if (token.isName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Expr.Operand("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Expr.Compare(first, rest);
      }
    }
  }

  private Expr sum() {
    Expr left = concat();
    while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
      String operator = tokens.next().value().toString();
      left = new Expr.Binary(operator, left, concat());
    }
    return left;
  }

  private Expr concat() {
    List<Expr> items = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      items.add(product());
    }
    return items.size() == 1 ? items.getFirst() : new Expr.Concat(items);
  }

  private Expr product() {
    Expr left = power();
    while (tokens.current().kind() == Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.current().value())) {
      String operator = tokens.next().value().toString();
      left = new Expr.Binary(operator, left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = primary.unary(true);
    while (tokens.skipOperator("**")) {
      left = new Expr.Binary("**", left, primary.unary(true));
    }
    return left;
  }

  /** Expressions with commas between them, or a single one. */
  Expr tuple(boolean withConditional, Optional<String> endName, boolean inParentheses) {
    return listed(endName, inParentheses, () -> expression(withConditional));
  }

  /** One or several with commas between them; none only where that may be. */
  private Expr listed(Optional<String> endName, boolean mayBeEmpty, Supplier<Expr> next) {
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (atTupleEnd(endName)) {
        break;
      }
      items.add(next.get());
      if (!tokens.current().isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.getFirst();
    }
    if (!isTuple && !mayBeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return new Expr.TupleOf(items);
  }

  private boolean atTupleEnd(Optional<String> endName) {
    Token token = tokens.current();
    return token.kind() == Kind.VARIABLE_END
        || token.kind() == Kind.BLOCK_END
        || token.isOperator(")")
        || endName.isPresent() && token.isName(endName.get());
  }

  Expr fullTuple() {
    return tuple(true, Optional.empty(), false);
  }

  /** What an assignment may stand before. */
  Expr target(Optional<String> endName, boolean withNamespace) {
    Expr target = listed(endName, false, () -> primary.primary(withNamespace));
    requireAssignable(target);
    return target;
  }

  String name() {
    String name = tokens.expect(Kind.NAME).value().toString();
    requireAssignable(new Expr.Name(name));
    return name;
  }

  Expr filters(Optional<Expr> target, boolean first) {
    return primary.filters(target, first);
  }

  private void requireAssignable(Expr target) {
    switch (target) {
      case Expr.Name name when !PrimaryParser.CONSTANTS.containsKey(name.name()) -> {
        // Any other name will do.
      }
      case Expr.NamespaceRef _ -> {
        // Whether it is a namespace is seen when it runs.
      }
      case Expr.TupleOf tuple -> tuple.items().forEach(this::requireAssignable);
      default -> throw tokens.error("cannot assign to this expression");
    }
  }
}
