package dev.hbar.model.template;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The frames of a template: which names each holds. Made once, read by every rendering. */
final class Scopes {

  /**
   * The frames of a statement.
   *
   * @param body of the statement's own body
   * @param test of a loop's condition
   * @param otherwise of a loop's else
   */
  record Frames(Symbols body, Optional<Symbols> test, Optional<Symbols> otherwise) {
    static Frames of(Symbols body) {
      return new Frames(body, Optional.empty(), Optional.empty());
    }
  }

  /** Which of the special names a macro's body uses. */
  record Specials(boolean caller, boolean kwargs, boolean varargs) {}

  private final Map<Stmt, Frames> frames = new IdentityHashMap<>();
  private final Map<Stmt, Specials> specials = new IdentityHashMap<>();
  private final Map<String, Stmt.Block> blocks = new LinkedHashMap<>();
  private final Symbols root = Symbols.root();

  /**
   * Finds the frames of a template.
   *
   * @throws TemplateException if it jumps outside a loop, assigns to {@code loop}, defines a block
   *     twice or names a filter or test that there is not
   */
  static Scopes of(List<Stmt> template) {
    Scopes scopes = new Scopes();
    new SymbolVisitor(scopes.root).statements(template);
    new ScopeFinder(scopes).statements(template, ScopeFinder.Place.root(scopes.root));
    return scopes;
  }

  Symbols root() {
    return root;
  }

  Frames frames(Stmt statement) {
    return frames.get(statement);
  }

  Specials specials(Stmt macro) {
    return specials.get(macro);
  }

  void put(Stmt statement, Frames found) {
    frames.put(statement, found);
  }

  void put(Stmt macro, Specials found) {
    specials.put(macro, found);
  }

  boolean addBlock(Stmt.Block block) {
    return blocks.putIfAbsent(block.name(), block) == null;
  }
}
