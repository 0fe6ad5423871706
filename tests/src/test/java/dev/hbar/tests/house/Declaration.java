package dev.hbar.tests.house;

/**
 * A type or a method with a body, as the compiler's parser sees it.
 *
 * @param lines from the first line of the declaration (without its Javadoc) to its closing brace
 */
record Declaration(
    Kind kind,
    SourceFile file,
    String name,
    int line,
    int lines,
    boolean isPublic,
    boolean hasJavadoc) {
  enum Kind {
    TYPE,
    METHOD
  }

  boolean isMainMethod() {
    return kind == Kind.METHOD && file.isMainJava();
  }

  /** {@code path:line: name}. */
  String where() {
    return file.path() + ":" + line + ": " + name;
  }
}
