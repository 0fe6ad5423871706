package dev.hbar.model.template;

import dev.hbar.model.template.Expr.CallArguments;
import java.util.function.Consumer;

/** The expressions right inside an expression, in the order in which they are written down. */
final class Children {

  private Children() {}

  static void of(Expr expression, Consumer<Expr> visit) {
    Budget.enter();
    switch (expression) {
      case Expr.Const _, Expr.Name _, Expr.NamespaceRef _ -> {
        // A leaf.
      }
      case Expr.TupleOf tuple -> tuple.items().forEach(visit);
      case Expr.ListOf list -> list.items().forEach(visit);
      case Expr.Concat concat -> concat.items().forEach(visit);
      case Expr.DictOf dict ->
          dict.items()
              .forEach(
                  pair -> {
                    visit.accept(pair.key());
                    visit.accept(pair.value());
                  });
      case Expr.Not not -> visit.accept(not.operand());
      case Expr.Unary unary -> visit.accept(unary.operand());
      case Expr.Attribute attribute -> visit.accept(attribute.target());
      default -> compound(expression, visit);
    }
    Budget.leave();
  }

  private static void compound(Expr expression, Consumer<Expr> visit) {
    switch (expression) {
      case Expr.Conditional conditional -> {
        visit.accept(conditional.test());
        visit.accept(conditional.then());
        conditional.otherwise().ifPresent(visit);
      }
      case Expr.Logic logic -> {
        visit.accept(logic.left());
        visit.accept(logic.right());
      }
      case Expr.Binary binary -> {
        visit.accept(binary.left());
        visit.accept(binary.right());
      }
      case Expr.Compare compare -> {
        visit.accept(compare.first());
        compare.rest().forEach(operand -> visit.accept(operand.value()));
      }
      case Expr.Item item -> {
        visit.accept(item.target());
        visit.accept(item.index());
      }
      case Expr.Slice slice -> {
        visit.accept(slice.target());
        slice.start().ifPresent(visit);
        slice.stop().ifPresent(visit);
        slice.step().ifPresent(visit);
      }
      default -> calling(expression, visit);
    }
  }

  private static void calling(Expr expression, Consumer<Expr> visit) {
    switch (expression) {
      case Expr.Filter filter -> {
        filter.target().ifPresent(visit);
        arguments(filter.arguments(), visit);
      }
      case Expr.Test test -> {
        visit.accept(test.target());
        arguments(test.arguments(), visit);
      }
      case Expr.Call call -> {
        visit.accept(call.function());
        arguments(call.arguments(), visit);
      }
      default -> throw new IllegalStateException("no such expression");
    }
  }

  private static void arguments(CallArguments arguments, Consumer<Expr> visit) {
    arguments.positional().forEach(visit);
    arguments.named().forEach(keyword -> visit.accept(keyword.value()));
    arguments.positionalRest().ifPresent(visit);
    arguments.namedRest().ifPresent(visit);
  }
}
