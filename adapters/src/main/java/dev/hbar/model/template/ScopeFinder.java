package dev.hbar.model.template;

import dev.hbar.model.template.Scopes.Frames;
import dev.hbar.model.template.Scopes.Specials;
import dev.hbar.model.template.TemplateException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Walks a template as Jinja2's compiler does and finds the frames of its statements. */
final class ScopeFinder {

  private static final Set<String> MACRO_NAMES = Set.of("caller", "kwargs", "varargs");

  private final Scopes scopes;

  ScopeFinder(Scopes scopes) {
    this.scopes = scopes;
  }

  /**
   * Where a statement stands.
   *
   * @param soft whether it stands right inside a condition: a missing filter is then an error only
   *     when it is used
   * @param loop whether a jump has a loop to end
   * @param assignsLoop whether assigning to {@code loop} is refused
   */
  record Place(Symbols symbols, boolean soft, boolean loop, boolean assignsLoop) {
    static Place root(Symbols symbols) {
      return new Place(symbols, false, false, true);
    }

    Place inner(Symbols inner) {
      return new Place(inner, false, loop, assignsLoop);
    }

    Place function(Symbols inner) {
      return new Place(inner, false, false, assignsLoop);
    }

    Place loop(Symbols inner, boolean jumps) {
      return new Place(inner, false, jumps, false);
    }

    Place condition() {
      return new Place(symbols, true, loop, assignsLoop);
    }
  }

  void statements(List<Stmt> statements, Place place) {
    Budget.enter();
    statements.forEach(statement -> statement(statement, place));
    Budget.leave();
  }

  private void statement(Stmt statement, Place place) {
    switch (statement) {
      case Stmt.Output output -> check(output.value(), output, place.soft());
      case Stmt.If condition -> condition(condition, place.condition());
      case Stmt.For loop -> loop(loop, place);
      case Stmt.Assign assign -> {
        target(assign.target(), assign, place);
        check(assign.value(), assign, place.soft());
      }
      case Stmt.AssignBlock assign -> {
        target(assign.target(), assign, place);
        assign.filter().ifPresent(filter -> check(filter, assign, false));
        block(
            assign,
            assign.body(),
            place,
            inner(place, visitor -> visitor.statements(assign.body())));
      }
      case Stmt.Jump jump when !place.loop() ->
          throw error(jump, "break and continue need a loop around them");
      default -> nested(statement, place);
    }
  }

  private void nested(Stmt statement, Place place) {
    switch (statement) {
      case Stmt.With with -> {
        with.values().forEach(value -> check(value, with, place.soft()));
        Symbols inner = inner(place, visitor -> with.targets().forEach(visitor::parameters));
        new SymbolVisitor(inner).statements(with.body());
        block(with, with.body(), place, inner);
      }
      case Stmt.Autoescape block -> {
        check(block.on(), block, place.soft());
        Symbols inner =
            inner(
                place,
                visitor -> {
                  visitor.expression(block.on());
                  visitor.statements(block.body());
                });
        block(block, block.body(), place, inner);
      }
      case Stmt.FilterBlock block -> {
        check(block.filter(), block, false);
        Symbols inner =
            inner(
                place,
                visitor -> {
                  visitor.statements(block.body());
                  visitor.expression(block.filter());
                });
        block(block, block.body(), place, inner);
      }
      case Stmt.Macro macro -> macro(macro, macro.signature(), macro.body(), place);
      case Stmt.CallBlock block -> {
        block.call().ifPresent(call -> check(call, block, place.soft()));
        macro(block, block.signature(), block.body(), place);
      }
      case Stmt.Block block -> {
        if (!scopes.addBlock(block)) {
          throw error(block, "block " + block.name() + " defined twice");
        }
        Symbols own = Symbols.root();
        new SymbolVisitor(own).statements(block.body());
        block(block, block.body(), place.function(own), own);
      }
      default -> {
        // Has no frame of its own.
      }
    }
  }

  private static Symbols inner(Place place, java.util.function.Consumer<SymbolVisitor> visit) {
    Symbols inner = place.symbols().inner();
    visit.accept(new SymbolVisitor(inner));
    return inner;
  }

  private void block(Stmt statement, List<Stmt> body, Place place, Symbols symbols) {
    scopes.put(statement, Frames.of(symbols));
    statements(body, place.inner(symbols));
  }

  private void condition(Stmt.If condition, Place place) {
    check(condition.test(), condition, true);
    statements(condition.body(), place);
    condition.elifs().forEach(elif -> condition(elif, place));
    statements(condition.otherwise(), place);
  }

  private void loop(Stmt.For loop, Place place) {
    Place strict = new Place(place.symbols(), place.soft(), place.loop(), false);
    target(loop.target(), loop, strict);
    check(loop.items(), loop, place.soft());
    Symbols body =
        inner(
            place,
            visitor -> {
              visitor.parameters(new Expr.Name("loop"));
              visitor.parameters(loop.target());
              visitor.statements(loop.body());
            });
    Symbols otherwise = inner(place, visitor -> visitor.statements(loop.otherwise()));
    Symbols test =
        inner(
            place,
            visitor -> {
              visitor.parameters(loop.target());
              visitor.expressions(loop.test());
            });
    loop.test().ifPresent(expression -> check(expression, loop, false));
    scopes.put(loop, new Frames(body, Optional.of(test), Optional.of(otherwise)));
    statements(loop.body(), place.loop(body, true));
    statements(loop.otherwise(), place.loop(otherwise, place.loop() && !loop.recursive()));
  }

  private void macro(Stmt macro, Stmt.Signature signature, List<Stmt> body, Place place) {
    Symbols symbols = place.symbols().inner();
    Set<String> undeclared = SpecialNames.undeclared(body, MACRO_NAMES);
    int explicit = signature.names().indexOf("caller");
    boolean caller = undeclared.contains("caller");
    if (caller && explicit >= 0 && signature.defaultOf(explicit).isEmpty()) {
      throw error(macro, "the special caller argument must be omitted or be given a default");
    }
    Specials specials =
        new Specials(
            caller,
            undeclared.contains("kwargs") && !signature.names().contains("kwargs"),
            undeclared.contains("varargs") && !signature.names().contains("varargs"));
    for (int pass = 0; pass < 2; pass++) {
      SymbolVisitor visitor = new SymbolVisitor(symbols);
      symbols.parameters(signature.names());
      signature.defaults().forEach(visitor::expression);
      visitor.statements(body);
      declare(symbols, specials);
    }
    signature.defaults().forEach(value -> check(value, macro, false));
    scopes.put(macro, Frames.of(symbols));
    scopes.put(macro, specials);
    statements(body, place.function(symbols));
  }

  private static void declare(Symbols symbols, Specials specials) {
    if (specials.caller()) {
      symbols.parameter("caller");
    }
    if (specials.kwargs()) {
      symbols.parameter("kwargs");
    }
    if (specials.varargs()) {
      symbols.parameter("varargs");
    }
  }

  private void target(Expr target, Stmt statement, Place place) {
    if (!place.assignsLoop() && target instanceof Expr.Name name && name.name().equals("loop")) {
      throw error(statement, "cannot assign to the special loop variable");
    }
    if (target instanceof Expr.TupleOf tuple) {
      tuple.items().forEach(item -> target(item, statement, place));
    }
  }

  private void check(Expr expression, Stmt statement, boolean soft) {
    if (!soft && expression instanceof Expr.Filter filter && !Filters.exists(filter.name())) {
      throw error(statement, "there is no filter named '" + filter.name() + "'");
    }
    if (!soft && expression instanceof Expr.Test test && !Tests.exists(test.name())) {
      throw error(statement, "there is no test named '" + test.name() + "'");
    }
    boolean inside = soft || expression instanceof Expr.Conditional;
    Children.of(expression, child -> check(child, statement, inside));
  }

  private static TemplateException error(Stmt statement, String message) {
    return new TemplateException(Reason.SYNTAX, statement.line(), message);
  }
}
