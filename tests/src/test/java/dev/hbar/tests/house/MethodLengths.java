package dev.hbar.tests.house;

import java.util.List;

/** Methods and constructors that ship fit on a screen. */
record MethodLengths(Budget budget) implements Rule {
  @Override
  public String title() {
    return "methods: 90 % <= 25 lines, none > 60";
  }

  @Override
  public List<String> breaches(Project project) {
    var methods = project.declarations().stream().filter(Declaration::isMainMethod).toList();
    return budget.breaches(methods, Declaration::lines, Declaration::where);
  }
}
