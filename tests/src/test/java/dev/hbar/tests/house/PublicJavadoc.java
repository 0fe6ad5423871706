package dev.hbar.tests.house;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * What others can use says what it is: public types, and in the packages that an embedder imports
 * the public methods and constructors of public top-level types too.
 */
record PublicJavadoc() implements Rule {
  private static final List<String> IMPORTED =
      List.of("mlx-bindings/", "adapters/", "monitor/core/");

  @Override
  public String title() {
    return "what is public has Javadoc";
  }

  @Override
  public List<String> breaches(Project project) {
    List<Declaration> all = project.declarations();
    Set<String> open =
        all.stream()
            .filter(type -> type.isType() && isPublic(type) && isImported(type.file().path()))
            .filter(type -> type.file().path().endsWith("/" + type.name() + ".java"))
            .map(type -> type.file().path())
            .collect(Collectors.toSet());
    return all.stream()
        .filter(each -> each.file().isMainJava() && isPublic(each) && !each.hasJavadoc())
        .filter(each -> each.isType() || open.contains(each.file().path()))
        .filter(each -> !each.annotations().contains("Override"))
        .map(each -> each.where() + " has no Javadoc")
        .toList();
  }

  private static boolean isPublic(Declaration each) {
    return each.modifiers().contains(Modifier.PUBLIC);
  }

  private static boolean isImported(String path) {
    return !path.contains("/internal/")
        && !path.contains("/generated/")
        && IMPORTED.stream().anyMatch(path::startsWith);
  }
}
