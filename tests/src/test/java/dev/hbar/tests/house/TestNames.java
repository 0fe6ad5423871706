package dev.hbar.tests.house;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A test's name tells what it shows: a situation, an underscore, its outcome. */
record TestNames() implements Rule {
  private static final Set<String> TEST =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "NativeTest");
  private static final Pattern SITUATION_OUTCOME = Pattern.compile("[a-z]\\w*_[a-z]\\w*\\(\\)");

  @Override
  public String title() {
    return "tests are named situation_outcome";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.declarations().stream()
        .filter(method -> method.kind() == Declaration.Kind.METHOD)
        .filter(method -> !Collections.disjoint(method.annotations(), TEST))
        .filter(method -> !SITUATION_OUTCOME.matcher(method.name()).matches())
        .map(Declaration::where)
        .toList();
  }
}
