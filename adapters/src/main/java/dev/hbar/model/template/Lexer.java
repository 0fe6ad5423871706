package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;
import dev.hbar.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into tokens with Jinja2's trim_blocks and lstrip_blocks on. */
final class Lexer {

  private static final Pattern NEWLINE = Pattern.compile("\r\n|\r|\n");
  private static final String SPACE = "[" + Text.SPACES + "]*";
  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%([-+]?)" + SPACE + "raw" + SPACE + "(-%\\}" + SPACE + "|%\\})");
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "endraw" + SPACE + "(?:\\+%\\}|-%\\}" + SPACE + "|%\\}\\n?)");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * The tokens of a template, an EOF last.
   *
   * @throws TemplateException if a tag or string is not closed or a character is not allowed
   */
  static List<Token> tokens(String template) {
    String text = NEWLINE.matcher(template).replaceAll("\n");
    String source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    Lexer lexer = new Lexer(source);
    lexer.run();
    lexer.add(Kind.EOF, "");
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        add(Kind.DATA, source.substring(at));
        advance(source.length());
        return;
      }
      Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
      if (raw.lookingAt()) {
        data(source.substring(at, tag), raw.group(1), false);
        advance(raw.end());
        raw();
      } else {
        tag(tag);
      }
    }
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void tag(int tag) {
    char kind = source.charAt(tag + 1);
    String sign = tag + 2 < source.length() ? source.substring(tag + 2, tag + 3) : "";
    boolean signed = sign.equals("-") || sign.equals("+");
    data(source.substring(at, tag), signed ? sign : "", kind == '{');
    advance(tag + (signed ? 3 : 2));
    switch (kind) {
      case '#' -> comment();
      case '{' -> code(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END);
      default -> code(Kind.BLOCK_BEGIN, Kind.BLOCK_END);
    }
  }

  private void data(String text, String sign, boolean variable) {
    String kept = text;
    if (sign.equals("-")) {
      kept = Text.stripEnd(text);
    } else if (!sign.equals("+") && !variable) {
      int start = text.lastIndexOf('\n') + 1;
      if ((start > 0 || lineStarting) && Text.isBlank(text.substring(start))) {
        kept = text.substring(0, start);
      }
    }
    if (!kept.isEmpty()) {
      add(Kind.DATA, kept);
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw error("the comment is not closed");
    }
    boolean strip = end > at && source.charAt(end - 1) == '-';
    boolean keep = end > at && source.charAt(end - 1) == '+';
    advance(afterEnd(end + 2, strip, !keep));
  }

  private int afterEnd(int end, boolean strip, boolean trim) {
    int next = end;
    if (strip) {
      while (next < source.length() && Text.isSpace(source.charAt(next))) {
        next++;
      }
    } else if (trim && next < source.length() && source.charAt(next) == '\n') {
      next++;
    }
    return next;
  }

  private void raw() {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(at)) {
      throw error("the raw block is not closed");
    }
    data(source.substring(at, end.start()), end.group(1), false);
    advance(end.end());
  }

  private void code(Kind begin, Kind end) {
    add(begin, "");
    CodeLexer code = new CodeLexer(source, this);
    at = code.run(at, end);
  }

  /** Ends a tag if one ends here; -1 otherwise. */
  int endOf(Kind end, int from) {
    String close = end == Kind.BLOCK_END ? "%}" : "}}";
    boolean minus = source.startsWith("-" + close, from);
    boolean plus = end == Kind.BLOCK_END && source.startsWith("+" + close, from);
    if (!minus && !plus && !source.startsWith(close, from)) {
      return -1;
    }
    add(end, "");
    int next = afterEnd(from + (minus || plus ? 3 : 2), minus, end == Kind.BLOCK_END && !plus);
    at = from;
    advance(next);
    return next;
  }

  void countLines(String text) {
    line += Math.toIntExact(text.chars().filter(c -> c == '\n').count());
  }

  void add(Kind kind, Object value) {
    tokens.add(new Token(line, kind, value));
  }

  private void advance(int next) {
    countLines(source.substring(at, next));
    if (next > at) {
      lineStarting = source.charAt(next - 1) == '\n';
    }
    at = next;
  }

  TemplateException error(String message) {
    return new TemplateException(Reason.SYNTAX, line, message);
  }
}
