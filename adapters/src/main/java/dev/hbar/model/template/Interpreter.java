package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Runs the statements of a template. Belongs to one rendering. */
final class Interpreter {

  /** How a statement ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Scopes scopes;
  private final Evaluator evaluator;
  private int line = 1;

  Interpreter(Scopes scopes) {
    this.scopes = scopes;
    this.evaluator = new Evaluator(this);
  }

  /** The line that runs. */
  int line() {
    return line;
  }

  void line(int now) {
    line = now;
  }

  String run(List<Stmt> template, Map<String, Object> context) {
    StringBuilder out = new StringBuilder();
    run(template, Frame.root(scopes.root(), context), out);
    return out.toString();
  }

  private Flow run(List<Stmt> statements, Frame frame, StringBuilder out) {
    for (Stmt statement : statements) {
      Flow flow = run(statement, frame, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Stmt statement, Frame frame, StringBuilder out) {
    Budget.enter();
    line = statement.line();
    Flow flow = Flow.NEXT;
    switch (statement) {
      case Stmt.Text text -> print(text.text(), out);
      case Stmt.Output output -> output(output.value(), frame, out);
      case Stmt.If condition -> flow = condition(condition, frame, out);
      case Stmt.For loop -> loop(loop, frame, out);
      case Stmt.Assign assign -> assign(assign, frame);
      case Stmt.AssignBlock block -> flow = assignBlock(block, frame);
      case Stmt.With with -> flow = with(with, frame, out);
      case Stmt.Autoescape block -> flow = autoescape(block, frame, out);
      case Stmt.FilterBlock block -> flow = filterBlock(block, frame, out);
      case Stmt.Macro macro ->
          frame.assign(
              macro.name(),
              macro(macro, Optional.of(macro.name()), macro.signature(), macro.body(), frame));
      case Stmt.CallBlock block -> callBlock(block, frame, out);
      case Stmt.Block block -> block(block, frame, out);
      case Stmt.Jump jump -> flow = jump.out() ? Flow.BREAK : Flow.CONTINUE;
      case Stmt.Unsupported unsupported ->
          throw new Fault("there are no other templates for '" + unsupported.tag() + "'");
    }
    Budget.leave();
    return flow;
  }

  private void output(Expr printed, Frame frame, StringBuilder out) {
    Object value = evaluator.value(printed, frame);
    boolean bare = !(value instanceof Markup) && frame.escaping().of(printed);
    print(bare ? MarkupFilters.escape(Repr.str(value)) : Repr.str(value), out);
  }

  private static void print(String text, StringBuilder out) {
    Budget.charge(text.length());
    out.append(text);
  }

  /** Prints what must be text already: a block's filter or call does not convert. */
  private static void printText(Object value, StringBuilder out) {
    if (!(Markup.plain(value) instanceof String text)) {
      throw new Fault("a block gives text, not " + Types.name(value));
    }
    print(text, out);
  }

  private Flow condition(Stmt.If condition, Frame frame, StringBuilder out) {
    if (Truth.of(evaluator.value(condition.test(), frame))) {
      return run(condition.body(), frame, out);
    }
    for (Stmt.If elif : condition.elifs()) {
      line = elif.line();
      if (Truth.of(evaluator.value(elif.test(), frame))) {
        return run(elif.body(), frame, out);
      }
    }
    return run(condition.otherwise(), frame, out);
  }

  private void loop(Stmt.For loop, Frame frame, StringBuilder out) {
    Object items = evaluator.value(loop.items(), frame);
    loop(loop, frame, items, 0, out);
  }

  private void loop(Stmt.For loop, Frame frame, Object all, int depth, StringBuilder out) {
    Scopes.Frames frames = scopes.frames(loop);
    Object items = loop.test().isEmpty() ? all : filtered(loop, frame, all);
    Optional<Callable> recursion =
        loop.recursive()
            ? Optional.of(arguments -> recurse(loop, frame, depth + 1, arguments))
            : Optional.empty();
    Loop state = new Loop(items, depth, recursion);
    boolean untouched = true;
    while (state.hasNext()) {
      Frame inner = frame.inner(frames.body());
      inner.set("loop", state);
      unpack(loop.target(), state.next(), inner, false);
      Flow flow = run(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      untouched &= flow == Flow.CONTINUE;
    }
    if (untouched && !loop.otherwise().isEmpty()) {
      run(loop.otherwise(), frame.inner(frames.otherwise().orElseThrow()), out);
    }
  }

  private Object recurse(Stmt.For loop, Frame frame, int depth, Arguments arguments) {
    Budget.enter();
    StringBuilder inner = new StringBuilder();
    loop(loop, frame, arguments.bind("loop", "iterable").get(0), depth, inner);
    Budget.leave();
    return frame.made(inner.toString());
  }

  private Object filtered(Stmt.For loop, Frame frame, Object all) {
    Iterator<Object> items = Iteration.iterator(all);
    Frame test = frame.inner(scopes.frames(loop).test().orElseThrow());
    Expr condition = loop.test().orElseThrow();
    return Stream.generator(
        "t_1",
        new Iterator<>() {
          private Optional<Object> ahead = Optional.empty();

          @Override
          public boolean hasNext() {
            while (ahead.isEmpty() && items.hasNext()) {
              Object item = items.next();
              unpack(loop.target(), item, test, false);
              if (Truth.of(evaluator.value(condition, test))) {
                ahead = Optional.of(packed(loop.target(), item, test));
              }
            }
            return ahead.isPresent();
          }

          @Override
          public Object next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            Object item = ahead.orElseThrow();
            ahead = Optional.empty();
            return item;
          }
        });
  }

  /** Jinja2 packs what it unpacked for the condition: a list becomes a tuple. */
  private static Object packed(Expr target, Object item, Frame frame) {
    return switch (target) {
      case Expr.TupleOf tuple -> {
        List<Object> values = new ArrayList<>();
        for (Expr part : tuple.items()) {
          values.add(packed(part, item, frame));
        }
        yield Sequence.tuple(values);
      }
      case Expr.Name name -> frame.get(name.name());
      default -> item;
    };
  }

  private void assign(Stmt.Assign assign, Frame frame) {
    requireNamespaces(assign.target(), frame);
    unpack(assign.target(), evaluator.value(assign.value(), frame), frame, true);
  }

  private void requireNamespaces(Expr target, Frame frame) {
    if (target instanceof Expr.NamespaceRef reference
        && !(frame.get(reference.name()) instanceof Namespace)) {
      throw new Fault("cannot assign attribute on non-namespace object");
    }
    if (target instanceof Expr.TupleOf tuple) {
      tuple.items().forEach(item -> requireNamespaces(item, frame));
    }
  }

  private void unpack(Expr target, Object value, Frame frame, boolean exported) {
    switch (target) {
      case Expr.Name name when exported -> frame.assign(name.name(), value);
      case Expr.Name name -> frame.set(name.name(), value);
      case Expr.NamespaceRef reference -> {
        if (!(frame.get(reference.name()) instanceof Namespace namespace)) {
          throw new Fault("cannot assign attribute on non-namespace object");
        }
        Budget.chargeItems(4);
        namespace.set(reference.attribute(), value);
      }
      case Expr.TupleOf tuple -> {
        List<Object> items = Iteration.list(value);
        if (items.size() != tuple.items().size()) {
          throw new Fault(
              "expected %s values to unpack, got %s".formatted(tuple.items().size(), items.size()));
        }
        for (int i = 0; i < items.size(); i++) {
          unpack(tuple.items().get(i), items.get(i), frame, exported);
        }
      }
      default -> throw new Fault("cannot assign to this expression");
    }
  }

  private Flow assignBlock(Stmt.AssignBlock block, Frame frame) {
    Frame inner = frame.inner(scopes.frames(block).body());
    StringBuilder text = new StringBuilder();
    Flow flow = run(block.body(), inner, text);
    if (flow == Flow.NEXT) {
      Object made = frame.made(text.toString());
      Object value =
          block.filter().isPresent() ? evaluator.filtered(block.filter().get(), inner, made) : made;
      if (frame.isEscaping() && !(value instanceof Markup)) {
        value = new Markup(Repr.str(value));
      }
      requireNamespaces(block.target(), frame);
      unpack(block.target(), value, frame, true);
    }
    return flow;
  }

  private Flow with(Stmt.With with, Frame frame, StringBuilder out) {
    Frame inner = frame.inner(scopes.frames(with).body());
    for (int i = 0; i < with.targets().size(); i++) {
      unpack(with.targets().get(i), evaluator.value(with.values().get(i), frame), inner, false);
    }
    return run(with.body(), inner, out);
  }

  private Flow autoescape(Stmt.Autoescape block, Frame frame, StringBuilder out) {
    Frame inner = frame.inner(scopes.frames(block).body());
    boolean on = Truth.of(evaluator.value(block.on(), inner));
    inner.set(frame.escaping().within(block.on(), on));
    return run(block.body(), inner, out);
  }

  private Flow filterBlock(Stmt.FilterBlock block, Frame frame, StringBuilder out) {
    Frame inner = frame.inner(scopes.frames(block).body());
    StringBuilder text = new StringBuilder();
    Flow flow = run(block.body(), inner, text);
    if (flow == Flow.NEXT) {
      printText(evaluator.filtered(block.filter(), inner, frame.made(text.toString())), out);
    }
    return flow;
  }

  private Macro macro(
      Stmt statement,
      Optional<String> name,
      Stmt.Signature signature,
      List<Stmt> body,
      Frame frame) {
    Symbols symbols = scopes.frames(statement).body();
    return new Macro(
        name,
        signature.names(),
        scopes.specials(statement),
        given -> {
          Frame inner = frame.inner(symbols);
          given.forEach(inner::set);
          fillDefaults(signature, given, inner);
          StringBuilder out = new StringBuilder();
          run(body, inner, out);
          return out.toString();
        });
  }

  private void fillDefaults(Stmt.Signature signature, Map<String, Object> given, Frame inner) {
    for (int i = 0; i < signature.names().size(); i++) {
      String name = signature.names().get(i);
      if (!given.containsKey(name)) {
        Object value =
            signature
                .defaultOf(i)
                .map(expression -> evaluator.value(expression, inner))
                .orElse(new Undefined("parameter '" + name + "' was not provided"));
        inner.set(name, value);
      }
    }
  }

  private void callBlock(Stmt.CallBlock block, Frame frame, StringBuilder out) {
    Macro caller = macro(block, Optional.empty(), block.signature(), block.body(), frame);
    Object printed =
        block.call().isPresent()
            ? evaluator.call(block.call().get(), frame, Optional.of(caller))
            : caller.call(Arguments.of());
    printText(printed, out);
  }

  private void block(Stmt.Block block, Frame frame, StringBuilder out) {
    Map<String, Object> context = new java.util.HashMap<>(frame.context());
    run(block.body(), Frame.root(scopes.frames(block).body(), context), out);
  }
}
