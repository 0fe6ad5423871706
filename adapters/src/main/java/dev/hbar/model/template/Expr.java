package dev.hbar.model.template;

import java.util.List;
import java.util.Optional;

/** An expression of a template. */
sealed interface Expr {

  /** A literal; also what the parser put together from adjacent strings. */
  record Const(Object value) implements Expr {}

  record Name(String name) implements Expr {}

  /** {@code namespace.attribute} as the target of an assignment. */
  record NamespaceRef(String name, String attribute) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  record DictOf(List<Pair> items) implements Expr {}

  record Pair(Expr key, Expr value) {}

  record Conditional(Expr test, Expr then, Optional<Expr> otherwise) implements Expr {}

  record Logic(boolean and, Expr left, Expr right) implements Expr {}

  record Not(Expr operand) implements Expr {}

  record Unary(boolean negative, Expr operand) implements Expr {}

  record Binary(String operator, Expr left, Expr right) implements Expr {}

  record Concat(List<Expr> items) implements Expr {}

  record Compare(Expr first, List<Operand> rest) implements Expr {}

  record Operand(String operator, Expr value) {}

  /** A filter; without a target it filters the block that it stands in. */
  record Filter(Optional<Expr> target, String name, CallArguments arguments) implements Expr {}

  record Test(Expr target, String name, CallArguments arguments) implements Expr {}

  record Call(Expr function, CallArguments arguments) implements Expr {}

  record Attribute(Expr target, String name) implements Expr {}

  record Item(Expr target, Expr index) implements Expr {}

  record Slice(Expr target, Optional<Expr> start, Optional<Expr> stop, Optional<Expr> step)
      implements Expr {}

  record Keyword(String name, Expr value) {}

  record CallArguments(
      List<Expr> positional,
      List<Keyword> named,
      Optional<Expr> positionalRest,
      Optional<Expr> namedRest) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
  }
}
