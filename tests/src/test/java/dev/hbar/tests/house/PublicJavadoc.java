package dev.hbar.tests.house;

import java.util.List;

/** What others can use says what it is. */
record PublicJavadoc() implements Rule {
  @Override
  public String title() {
    return "every public type has Javadoc";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.declarations().stream()
        .filter(type -> type.kind() == Declaration.Kind.TYPE && type.file().isMainJava())
        .filter(type -> type.isPublic() && !type.hasJavadoc())
        .map(type -> type.where() + " has no Javadoc")
        .toList();
  }
}
