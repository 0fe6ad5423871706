package dev.hbar.tests.house;

import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * A type or a method with a body, as the compiler's parser sees it.
 *
 * @param annotations simple names
 * @param lines from the first line of the declaration (without its Javadoc) to its closing brace
 */
record Declaration(
    Kind kind,
    SourceFile file,
    String name,
    Set<Modifier> modifiers,
    Set<String> annotations,
    boolean hasJavadoc,
    int line,
    int lines) {
  enum Kind {
    CLASS,
    OTHER_TYPE,
    METHOD
  }

  boolean isType() {
    return kind != Kind.METHOD;
  }

  boolean isMainMethod() {
    return kind == Kind.METHOD && file.isMainJava();
  }

  /** {@code path:line: name}. */
  String where() {
    return file.path() + ":" + line + ": " + name;
  }
}
