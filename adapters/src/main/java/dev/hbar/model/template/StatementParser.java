package dev.hbar.model.template;

import dev.hbar.model.template.Stmt.Signature;
import dev.hbar.model.template.TemplateException.Reason;
import dev.hbar.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses the statements of a template. */
final class StatementParser {

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  private StatementParser(List<Token> tokens) {
    this.tokens = new TokenStream(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is wrong
   */
  static List<Stmt> parse(String source) {
    return new StatementParser(Lexer.tokens(source)).statements(Set.of());
  }

  /** Up to one of the given tags, which is then the current token, or the template's end. */
  private List<Stmt> statements(Set<String> ends) {
    tokens.enter();
    List<Stmt> body = new ArrayList<>();
    while (tokens.current().kind() != Kind.EOF) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Text(token.line(), token.value().toString()));
        case VARIABLE_BEGIN -> {
          body.add(new Stmt.Output(token.line(), expressions.fullTuple()));
          tokens.expect(Kind.VARIABLE_END);
        }
        default -> {
          if (tokens.current().kind() == Kind.NAME && ends.contains(tokens.current().value())) {
            tokens.leave();
            return body;
          }
          body.addAll(statement());
          tokens.expect(Kind.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.error("the template ends, but was looking for one of " + ends);
    }
    tokens.leave();
    return body;
  }

  private List<Stmt> body(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END);
    return statements(Set.of(ends));
  }

  private List<Stmt> bodyThrough(String end) {
    List<Stmt> body = body(end);
    tokens.next();
    return body;
  }

  private List<Stmt> statement() {
    Token tag = tokens.expect(Kind.NAME);
    int line = tag.line();
    String name = tag.value().toString();
    return switch (name) {
      case "print" -> print(line);
      default -> List.of(single(line, name));
    };
  }

  private Stmt single(int line, String tag) {
    return switch (tag) {
      case "for" -> loop(line);
      case "if" -> condition(line);
      case "set" -> assignment(line);
      case "with" -> with(line);
      case "filter" ->
          new Stmt.FilterBlock(
              line, expressions.filters(Optional.empty(), true), bodyThrough("endfilter"));
      case "macro" ->
          new Stmt.Macro(line, expressions.name(), signature(), bodyThrough("endmacro"));
      case "call" -> call(line);
      case "generation" ->
          new Stmt.CallBlock(line, Optional.empty(), Signature.EMPTY, bodyThrough("endgeneration"));
      case "autoescape" ->
          new Stmt.Autoescape(line, expressions.expression(), bodyThrough("endautoescape"));
      case "break" -> new Stmt.Jump(line, true);
      case "continue" -> new Stmt.Jump(line, false);
      case "block" -> block(line);
      case "extends", "include", "import", "from" -> unsupported(line, tag);
      default -> throw new TemplateException(Reason.SYNTAX, line, "unknown tag '" + tag + "'");
    };
  }

  private Stmt loop(int line) {
    Expr target = expressions.target(Optional.of("in"), false);
    tokens.expectName("in");
    Expr items = expressions.tuple(false, Optional.of("recursive"), false);
    Optional<Expr> test =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    List<Stmt> body = body("endfor", "else");
    List<Stmt> otherwise = tokens.next().isName("else") ? bodyThrough("endfor") : List.of();
    return new Stmt.For(line, target, items, test, recursive, body, otherwise);
  }

  private Stmt condition(int line) {
    Expr test = expressions.tuple(false, Optional.empty(), false);
    List<Stmt> body = body("elif", "else", "endif");
    List<Stmt.If> elifs = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    Token token = tokens.next();
    while (token.isName("elif")) {
      Expr elif = expressions.tuple(false, Optional.empty(), false);
      List<Stmt> elifBody = body("elif", "else", "endif");
      elifs.add(new Stmt.If(token.line(), elif, elifBody, List.of(), List.of()));
      token = tokens.next();
    }
    if (token.isName("else")) {
      otherwise = bodyThrough("endif");
    }
    return new Stmt.If(line, test, body, elifs, otherwise);
  }

  private Stmt assignment(int line) {
    Expr target = expressions.target(Optional.empty(), true);
    if (tokens.skipOperator("=")) {
      return new Stmt.Assign(line, target, expressions.fullTuple());
    }
    Optional<Expr> filter =
        tokens.current().isOperator("|")
            ? Optional.of(expressions.filters(Optional.empty(), false))
            : Optional.empty();
    return new Stmt.AssignBlock(line, target, filter, bodyThrough("endset"));
  }

  private Stmt with(int line) {
    List<Expr> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (tokens.current().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(expressions.target(Optional.empty(), false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(line, targets, values, bodyThrough("endwith"));
  }

  private Stmt call(int line) {
    Signature signature = tokens.current().isOperator("(") ? signature() : Signature.EMPTY;
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw tokens.error("expected call");
    }
    return new Stmt.CallBlock(line, Optional.of(call), signature, bodyThrough("endcall"));
  }

  private Signature signature() {
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.current().isOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      names.add(expressions.name());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.error("non-default argument follows default argument");
      }
    }
    tokens.expectOperator(")");
    if (new HashSet<>(names).size() < names.size()) {
      throw tokens.error("duplicate argument in a macro");
    }
    return new Signature(names, defaults);
  }

  private Stmt block(int line) {
    String name = tokens.expect(Kind.NAME).value().toString();
    tokens.skipName("scoped");
    boolean required = tokens.skipName("required");
    List<Stmt> body = bodyThrough("endblock");
    tokens.skipName(name);
    if (required) {
      throw tokens.error("a required block needs another template");
    }
    return new Stmt.Block(line, name, body);
  }

  private List<Stmt> print(int line) {
    List<Stmt> outputs = new ArrayList<>();
    while (tokens.current().kind() != Kind.BLOCK_END) {
      if (!outputs.isEmpty()) {
        tokens.expectOperator(",");
      }
      outputs.add(new Stmt.Output(line, expressions.expression()));
    }
    return outputs;
  }

  private Stmt unsupported(int line, String tag) {
    expressions.expression();
    while (tokens.current().kind() != Kind.BLOCK_END && tokens.current().kind() != Kind.EOF) {
      tokens.next();
    }
    return new Stmt.Unsupported(line, tag);
  }
}
