package dev.hbar.model.template;

import dev.hbar.model.template.Expr.CallArguments;
import dev.hbar.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses literals, names and what follows them: attributes, items, calls, filters and tests. */
final class PrimaryParser {

  static final Map<String, Object> CONSTANTS =
      Map.of(
          "true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None",
          None.NONE);

  private static final Set<Kind> ARGUMENT_STARTS =
      Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  PrimaryParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expr unary(boolean withFilter) {
    tokens.enter();
    Expr node;
    if (tokens.skipOperator("-")) {
      node = new Expr.Unary(true, unary(false));
    } else if (tokens.skipOperator("+")) {
      node = new Expr.Unary(false, unary(false));
    } else {
      node = primary(false);
    }
    node = postfix(node);
    node = withFilter ? filtersAndTests(node) : node;
    tokens.leave();
    return node;
  }

  Expr primary(boolean withNamespace) {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(withNamespace);
      case STRING -> string();
      case INTEGER, FLOAT -> new Expr.Const(tokens.next().value());
      case OPERATOR -> bracket(token);
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expr name(boolean withNamespace) {
    String name = tokens.next().value().toString();
    if (CONSTANTS.containsKey(name)) {
      return new Expr.Const(CONSTANTS.get(name));
    }
    if (withNamespace && tokens.skipOperator(".")) {
      return new Expr.NamespaceRef(name, tokens.expect(Kind.NAME).value().toString());
    }
    return new Expr.Name(name);
  }

  private Expr string() {
    StringBuilder text = new StringBuilder();
    while (tokens.current().kind() == Kind.STRING) {
      text.append(tokens.next().value());
    }
    return new Expr.Const(text.toString());
  }

  private Expr bracket(Token token) {
    if (tokens.skipOperator("(")) {
      Expr tuple = expressions.tuple(true, Optional.empty(), true);
      tokens.expectOperator(")");
      return tuple;
    }
    if (tokens.skipOperator("[")) {
      return list();
    }
    if (tokens.skipOperator("{")) {
      return dict();
    }
    throw tokens.error("unexpected '" + token.describe() + "'");
  }

  private Expr list() {
    List<Expr> items = new ArrayList<>();
    while (!tokens.current().isOperator("]")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tokens.current().isOperator("]")) {
        break;
      }
      items.add(expressions.expression());
    }
    tokens.expectOperator("]");
    return new Expr.ListOf(items);
  }

  private Expr dict() {
    List<Expr.Pair> items = new ArrayList<>();
    while (!tokens.current().isOperator("}")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tokens.current().isOperator("}")) {
        break;
      }
      Expr key = expressions.expression();
      tokens.expectOperator(":");
      items.add(new Expr.Pair(key, expressions.expression()));
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(items);
  }

  private Expr postfix(Expr start) {
    Expr node = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        node = attribute(node);
      } else if (tokens.skipOperator("[")) {
        node = subscript(node);
      } else if (tokens.current().isOperator("(")) {
        node = new Expr.Call(node, arguments());
      } else {
        return node;
      }
    }
  }

  private Expr attribute(Expr target) {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> new Expr.Attribute(target, token.value().toString());
      case INTEGER -> new Expr.Item(target, new Expr.Const(token.value()));
      default -> throw tokens.error("expected name or number");
    };
  }

  private Expr subscript(Expr target) {
    List<Expr> indexes = new ArrayList<>();
    while (!tokens.current().isOperator("]")) {
      if (!indexes.isEmpty()) {
        tokens.expectOperator(",");
      }
      indexes.add(index(target));
    }
    tokens.expectOperator("]");
    boolean sliced = indexes.stream().anyMatch(Expr.Slice.class::isInstance);
    if (indexes.size() == 1) {
      return sliced ? indexes.getFirst() : new Expr.Item(target, indexes.getFirst());
    }
    if (sliced) {
      throw tokens.error("a slice stands beside another index");
    }
    return new Expr.Item(target, new Expr.TupleOf(indexes));
  }

  private Expr index(Expr target) {
    Optional<Expr> start = Optional.empty();
    if (!tokens.current().isOperator(":")) {
      Expr index = expressions.expression();
      if (!tokens.current().isOperator(":")) {
        return index;
      }
      start = Optional.of(index);
    }
    tokens.next();
    Optional<Expr> stop = bound();
    Optional<Expr> step = tokens.skipOperator(":") ? bound() : Optional.empty();
    return new Expr.Slice(target, start, stop, step);
  }

  private Optional<Expr> bound() {
    Token token = tokens.current();
    boolean absent = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
    return absent ? Optional.empty() : Optional.of(expressions.expression());
  }

  private CallArguments arguments() {
    tokens.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<Expr.Keyword> named = new ArrayList<>();
    Optional<Expr> rest = Optional.empty();
    Optional<Expr> namedRest = Optional.empty();
    boolean more = false;
    while (!tokens.current().isOperator(")")) {
      if (more) {
        tokens.expectOperator(",");
        if (tokens.current().isOperator(")")) {
          break;
        }
      }
      if (tokens.skipOperator("*")) {
        require(rest.isEmpty() && namedRest.isEmpty());
        rest = Optional.of(expressions.expression());
      } else if (tokens.skipOperator("**")) {
        require(namedRest.isEmpty());
        namedRest = Optional.of(expressions.expression());
      } else if (tokens.current().kind() == Kind.NAME && tokens.look().isOperator("=")) {
        require(namedRest.isEmpty());
        named.add(keyword());
      } else {
        require(rest.isEmpty() && namedRest.isEmpty() && named.isEmpty());
        positional.add(expressions.expression());
      }
      more = true;
    }
    tokens.expectOperator(")");
    requireDistinct(named);
    return new CallArguments(positional, named, rest, namedRest);
  }

  private Expr.Keyword keyword() {
    String name = tokens.next().value().toString();
    tokens.next();
    return new Expr.Keyword(name, expressions.expression());
  }

  private void require(boolean valid) {
    if (!valid) {
      throw tokens.error("invalid syntax for function call expression");
    }
  }

  private void requireDistinct(List<Expr.Keyword> named) {
    Set<String> seen = new HashSet<>();
    for (Expr.Keyword keyword : named) {
      if (!seen.add(keyword.name())) {
        throw tokens.error("keyword argument repeated: " + keyword.name());
      }
    }
  }

  private Expr filtersAndTests(Expr start) {
    Expr node = start;
    while (true) {
      if (tokens.current().isOperator("|")) {
        node = filters(Optional.of(node), false);
      } else if (tokens.skipName("is")) {
        node = test(node);
      } else if (tokens.current().isOperator("(")) {
        node = new Expr.Call(node, arguments());
      } else {
        return node;
      }
    }
  }

  Expr filters(Optional<Expr> start, boolean first) {
    Optional<Expr> node = start;
    boolean inline = first;
    while (inline || tokens.current().isOperator("|")) {
      if (!inline) {
        tokens.next();
      }
      inline = false;
      String name = dottedName();
      CallArguments arguments = tokens.current().isOperator("(") ? arguments() : CallArguments.NONE;
      node = Optional.of(new Expr.Filter(node, name, arguments));
    }
    return node.orElseThrow();
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).value().toString());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Kind.NAME).value());
    }
    return name.toString();
  }

  private Expr test(Expr target) {
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    CallArguments arguments = CallArguments.NONE;
    if (tokens.current().isOperator("(")) {
      arguments = arguments();
    } else if (atTestArgument()) {
      if (tokens.current().isName("is")) {
        throw tokens.error("tests cannot be chained with is");
      }
      Expr argument = postfix(primary(false));
      arguments =
          new CallArguments(List.of(argument), List.of(), Optional.empty(), Optional.empty());
    }
    Expr test = new Expr.Test(target, name, arguments);
    return negated ? new Expr.Not(test) : test;
  }

  private boolean atTestArgument() {
    Token token = tokens.current();
    boolean starts =
        ARGUMENT_STARTS.contains(token.kind()) || token.isOperator("[") || token.isOperator("{");
    return starts && !token.isName("else") && !token.isName("or") && !token.isName("and");
  }
}
