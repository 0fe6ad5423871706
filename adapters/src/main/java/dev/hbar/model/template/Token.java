package dev.hbar.model.template;

/**
 * A piece of a template.
 *
 * @param value the text of data, names, strings and operators; the number of a number
 */
record Token(int line, Kind kind, Object value) {

  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    EOF
  }

  boolean isName(String name) {
    return kind == Kind.NAME && value.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && value.equals(operator);
  }

  String describe() {
    return switch (kind) {
      case DATA -> "text";
      case VARIABLE_BEGIN -> "{{";
      case VARIABLE_END -> "}}";
      case BLOCK_BEGIN -> "{%";
      case BLOCK_END -> "%}";
      case EOF -> "end of template";
      case NAME, OPERATOR -> value.toString();
      case STRING, INTEGER, FLOAT -> kind.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
