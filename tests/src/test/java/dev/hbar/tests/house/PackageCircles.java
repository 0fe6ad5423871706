package dev.hbar.tests.house;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** No package uses one that, directly or through others, uses it: imports of main sources. */
record PackageCircles() implements Rule {
  // The exported ring calls the internal one, whose calls speak of dtypes and devices and fail with
  // the errors that users catch. Both belong where a user imports them. No single file is in a
  // circle, which is checked.
  private static final String OUTER = "dev.hbar.mlx";
  private static final String INNER = OUTER + ".internal";
  private static final Pattern SHARED = Pattern.compile("\\bdev\\.hbar\\.mlx\\.([A-Z]\\w*)");
  private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern USE = Pattern.compile("\\b(dev\\.hbar(?:\\.[a-z]\\w*)+)\\.[A-Z]");

  @Override
  public String title() {
    return "no package is in a circle";
  }

  @Override
  public List<String> breaches(Project project) {
    Map<String, Set<String>> uses = uses(project);
    return Stream.concat(
            uses.keySet().stream()
                .filter(name -> !circle(uses, name).isEmpty())
                .map(name -> name + " is in a circle with " + circle(uses, name)),
            sharedThatCallInside(project).stream()
                .map(name -> OUTER + "." + name + " is used by " + INNER + ", which it uses"))
        .toList();
  }

  /** The types of the exported ring that the internal one uses although they lead back to it. */
  private static Set<String> sharedThatCallInside(Project project) {
    Map<String, String> outer = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (SourceFile file : project.files()) {
      String code = file.isMainJava() ? file.withoutComments().text() : "";
      if (code.startsWith("package " + OUTER + ";")) {
        outer.put(file.path().replaceAll(".*/|\\.java", ""), code);
      } else if (code.startsWith("package " + INNER + ";")) {
        SHARED.matcher(code).results().map(match -> match.group(1)).forEach(open::add);
      }
    }
    Set<String> shared = new TreeSet<>();
    while (!open.isEmpty()) {
      String next = open.pop();
      if (outer.containsKey(next) && shared.add(next)) {
        WORD.matcher(outer.get(next)).results().map(MatchResult::group).forEach(open::add);
      }
    }
    shared.removeIf(name -> !outer.get(name).contains("import " + INNER + "."));
    return shared;
  }

  private static Map<String, Set<String>> uses(Project project) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (SourceFile file : project.files()) {
      if (!file.isMainJava()) {
        continue;
      }
      String code = file.withoutComments().text();
      PACKAGE
          .matcher(code)
          .results()
          .findFirst()
          .map(match -> match.group(1))
          .ifPresent(
              name -> {
                Set<String> used = uses.computeIfAbsent(name, of -> new TreeSet<>());
                USE.matcher(code).results().map(match -> match.group(1)).forEach(used::add);
                used.remove(name);
              });
    }
    return uses;
  }

  private static Set<String> reachable(Map<String, Set<String>> uses, String from) {
    Set<String> seen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (seen.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  private static List<String> circle(Map<String, Set<String>> uses, String name) {
    return reachable(uses, name).stream()
        .filter(other -> !other.equals(name) && reachable(uses, other).contains(name))
        .filter(other -> !Set.of(name, other).equals(Set.of(OUTER, INNER)))
        .toList();
  }
}
