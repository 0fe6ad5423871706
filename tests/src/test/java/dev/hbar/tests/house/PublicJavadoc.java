package dev.hbar.tests.house;

import java.util.List;
import javax.lang.model.element.Modifier;

/** What others can use says what it is. */
record PublicJavadoc() implements Rule {
  @Override
  public String title() {
    return "every public type has Javadoc";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.declarations().stream()
        .filter(type -> type.isType() && type.file().isMainJava())
        .filter(type -> type.modifiers().contains(Modifier.PUBLIC) && !type.hasJavadoc())
        .map(type -> type.where() + " has no Javadoc")
        .toList();
  }
}
