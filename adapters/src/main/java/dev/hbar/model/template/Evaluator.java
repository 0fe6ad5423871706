package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes expressions. Belongs to one rendering. */
final class Evaluator {

  private final Interpreter interpreter;
  private Object filteredText = "";

  Evaluator(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  Object value(Expr expression, Frame frame) {
    Budget.enter();
    Object value =
        switch (expression) {
          case Expr.Const constant -> constant.value();
          case Expr.Name name -> frame.get(name.name());
          case Expr.Attribute attribute ->
              Lookup.attribute(value(attribute.target(), frame), attribute.name());
          case Expr.Item item ->
              Lookup.item(value(item.target(), frame), value(item.index(), frame));
          case Expr.Call call -> call(call, frame, Optional.empty());
          case Expr.Filter filter -> filter(filter, frame);
          case Expr.Test test -> test(test, frame);
          default -> operation(expression, frame);
        };
    Budget.leave();
    return value;
  }

  private Object operation(Expr expression, Frame frame) {
    return switch (expression) {
      case Expr.Logic logic -> {
        Object left = value(logic.left(), frame);
        yield Truth.of(left) == logic.and() ? value(logic.right(), frame) : left;
      }
      case Expr.Not not -> !Truth.of(value(not.operand(), frame));
      case Expr.Compare compare -> compare(compare, frame);
      case Expr.Conditional conditional -> conditional(conditional, frame);
      case Expr.Binary binary ->
          Arithmetic.apply(
              binary.operator(), value(binary.left(), frame), value(binary.right(), frame));
      case Expr.Concat concat -> concat(concat, frame);
      case Expr.Slice slice -> slice(slice, frame);
      case Expr.Unary unary -> unary(unary, frame);
      default -> collection(expression, frame);
    };
  }

  private Object collection(Expr expression, Frame frame) {
    return switch (expression) {
      case Expr.ListOf list -> Sequence.list(values(list.items(), frame));
      case Expr.TupleOf tuple -> Sequence.tuple(values(tuple.items(), frame));
      case Expr.DictOf pairs -> {
        Budget.chargeItems(pairs.items().size() * 4L);
        Dict dict = new Dict();
        for (Expr.Pair pair : pairs.items()) {
          dict.put(value(pair.key(), frame), value(pair.value(), frame));
        }
        yield dict;
      }
      default -> throw new Fault("this expression cannot be read");
    };
  }

  private List<Object> values(List<Expr> expressions, Frame frame) {
    Budget.chargeItems(expressions.size());
    List<Object> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(value(expression, frame)));
    return values;
  }

  private Object unary(Expr.Unary unary, Frame frame) {
    Object operand = value(unary.operand(), frame);
    if (unary.negative()) {
      return Arithmetic.negate(operand);
    }
    return operand instanceof Double ? operand : Arithmetic.plus(operand);
  }

  private Object conditional(Expr.Conditional conditional, Frame frame) {
    if (Truth.of(value(conditional.test(), frame))) {
      return value(conditional.then(), frame);
    }
    return conditional
        .otherwise()
        .map(otherwise -> value(otherwise, frame))
        .orElseGet(
            () ->
                new Undefined(
                    "the inline if-expression evaluated to false and no else section was defined"));
  }

  private Object concat(Expr.Concat concat, Frame frame) {
    List<Object> values = values(concat.items(), frame);
    boolean markup =
        values.stream().anyMatch(Markup.class::isInstance) && frame.escaping().keepsMarkup(concat);
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      String part = markup ? Markup.escapedText(value) : Repr.str(value);
      Budget.charge(part.length());
      text.append(part);
    }
    return markup ? new Markup(text.toString()) : text.toString();
  }

  private Object slice(Expr.Slice slice, Frame frame) {
    Object target = value(slice.target(), frame);
    return Lookup.slice(
        target,
        bound(slice.start(), frame),
        bound(slice.stop(), frame),
        bound(slice.step(), frame));
  }

  private Object bound(Optional<Expr> expression, Frame frame) {
    return expression.isPresent() ? value(expression.get(), frame) : None.NONE;
  }

  private Object compare(Expr.Compare compare, Frame frame) {
    Object left = value(compare.first(), frame);
    boolean holds = true;
    for (Expr.Operand operand : compare.rest()) {
      Object right = value(operand.value(), frame);
      holds = holds(operand.operator(), left, right);
      if (!holds) {
        break;
      }
      left = right;
    }
    return holds;
  }

  static boolean holds(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> Equality.equal(left, right);
      case "!=" -> !Equality.equal(left, right);
      case "in" -> Iteration.contains(right, left);
      case "not in" -> !Iteration.contains(right, left);
      default -> Order.compare(operator, left, right);
    };
  }

  private Object filter(Expr.Filter filter, Frame frame) {
    Object target =
        filter.target().isPresent() ? value(filter.target().get(), frame) : filteredText;
    Arguments given = arguments(filter.arguments(), frame);
    return frame.isEscaping()
        ? EscapingFilters.apply(filter.name(), target, given)
        : Filters.apply(filter.name(), target, given);
  }

  /** A filter over the text of a block. */
  Object filtered(Expr filter, Frame frame, Object text) {
    filteredText = text;
    return value(filter, frame);
  }

  private Object test(Expr.Test test, Frame frame) {
    Object target = value(test.target(), frame);
    return Tests.apply(test.name(), target, arguments(test.arguments(), frame));
  }

  Object call(Expr.Call call, Frame frame, Optional<Macro> caller) {
    Object function = value(call.function(), frame);
    Arguments arguments = arguments(call.arguments(), frame);
    if (caller.isPresent()) {
      if (arguments.named().containsKey("caller")) {
        throw new Fault("a call block gives the argument 'caller' itself");
      }
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      named.put("caller", caller.get());
      arguments = new Arguments(arguments.positional(), named);
    }
    if (function instanceof Undefined undefined) {
      throw undefined.used();
    }
    if (!(function instanceof Callable callable)) {
      throw new Fault("'" + Types.name(function) + "' object is not callable");
    }
    int line = interpreter.line();
    Object result = callable.call(arguments);
    interpreter.line(line);
    boolean made = frame.isEscaping() && callable instanceof Macro;
    return made ? Markup.wrap(result) : result;
  }

  private Arguments arguments(Expr.CallArguments given, Frame frame) {
    if (given == Expr.CallArguments.NONE) {
      return Arguments.of();
    }
    List<Object> positional = values(given.positional(), frame);
    Map<String, Object> named = new LinkedHashMap<>();
    for (Expr.Keyword keyword : given.named()) {
      named.put(keyword.name(), value(keyword.value(), frame));
    }
    given.positionalRest().ifPresent(rest -> positional.addAll(Iteration.list(value(rest, frame))));
    given.namedRest().ifPresent(rest -> addNamed(named, value(rest, frame)));
    return new Arguments(positional, named);
  }

  private static void addNamed(Map<String, Object> named, Object rest) {
    if (!(rest instanceof Dict dict)) {
      throw new Fault("the argument after ** must be a mapping, not " + Types.name(rest));
    }
    for (Object key : dict.keys()) {
      if (!(Markup.plain(key) instanceof String name)) {
        throw new Fault("keywords must be strings");
      }
      if (named.put(name, dict.get(key, None.NONE)) != null) {
        throw new Fault("got multiple values for keyword argument '" + name + "'");
      }
    }
  }
}
