package dev.hbar.tests.house;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * No line of the files in scope holds the pattern.
 *
 * @param comments whether comments count as text; if not, only code and string literals do
 */
record ForbiddenText(String title, Pattern pattern, Predicate<SourceFile> scope, boolean comments)
    implements Rule {

  static ForbiddenText inCode(String title, String regex, Predicate<SourceFile> scope) {
    return new ForbiddenText(title, Pattern.compile(regex), scope, false);
  }

  static ForbiddenText anywhere(String title, String regex, Predicate<SourceFile> scope) {
    return new ForbiddenText(title, Pattern.compile(regex), scope, true);
  }

  @Override
  public List<String> breaches(Project project) {
    return project.files().stream()
        .filter(scope)
        .map(file -> comments ? file : file.withoutComments())
        .flatMap(file -> file.matches(pattern).stream())
        .toList();
  }
}
