package dev.hbar.tests.house;

import java.util.List;
import java.util.regex.Pattern;

/** A type is named for what it is. */
record TypeNames() implements Rule {
  private static final Pattern EMPTY_WORD = Pattern.compile("Util|Helper|Manager|Abstract");

  @Override
  public String title() {
    return "no type is called Util, Helper, Manager or Abstract";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.declarations().stream()
        .filter(Declaration::isType)
        .filter(type -> EMPTY_WORD.matcher(type.name()).find())
        .map(Declaration::where)
        .toList();
  }
}
