package dev.hbar.tests.house;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Whoever may extend a class that ships is written in it. The root of all exceptions is extended in
 * every module.
 */
record FinalClasses() implements Rule {
  private static final Set<Modifier> DECIDED =
      Set.of(Modifier.FINAL, Modifier.SEALED, Modifier.NON_SEALED);

  private static final String ROOT = "HbarException";

  @Override
  public String title() {
    return "classes are final or sealed";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.declarations().stream()
        .filter(type -> type.kind() == Declaration.Kind.CLASS && type.file().isMainJava())
        .filter(type -> !type.name().equals(ROOT))
        .filter(type -> Collections.disjoint(type.modifiers(), DECIDED))
        .map(Declaration::where)
        .toList();
  }
}
