package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;
import dev.hbar.model.template.Token.Kind;
import java.util.List;

/** The tokens of a template, read one after the other. */
final class TokenStream {

  /** Python gives up on less. */
  private static final int MAX_NESTING = 200;

  private final List<Token> tokens;
  private int at;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  int line() {
    return current().line();
  }

  boolean skipName(String name) {
    return current().isName(name) && next() != null;
  }

  boolean skipOperator(String operator) {
    return current().isOperator(operator) && next() != null;
  }

  Token expect(Kind kind) {
    if (current().kind() != kind) {
      throw unexpected(kind.name().toLowerCase(java.util.Locale.ROOT));
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw new TemplateException(Reason.LIMIT, line(), "the template nests too deeply");
    }
  }

  void leave() {
    nesting--;
  }

  TemplateException unexpected(String wanted) {
    return error("expected " + wanted + ", got '" + current().describe() + "'");
  }

  TemplateException error(String message) {
    return new TemplateException(Reason.SYNTAX, line(), message);
  }
}
