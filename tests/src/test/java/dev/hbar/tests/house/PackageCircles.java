package dev.hbar.tests.house;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** No package uses one that, directly or through others, uses it: imports of main sources. */
record PackageCircles() implements Rule {
  // The ring of the bindings that names memory segments and the one that is exported share types.
  private static final Set<String> ALLOWED = Set.of("dev.hbar.mlx", "dev.hbar.mlx.internal");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern USE = Pattern.compile("\\b(dev\\.hbar(?:\\.[a-z]\\w*)+)\\.[A-Z]");

  @Override
  public String title() {
    return "no package is in a circle";
  }

  @Override
  public List<String> breaches(Project project) {
    Map<String, Set<String>> uses = uses(project);
    return uses.keySet().stream()
        .filter(name -> !ALLOWED.contains(name))
        .filter(name -> reachable(uses, name).contains(name))
        .map(name -> name + " is in a circle with " + circle(uses, name))
        .toList();
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
        .toList();
  }
}
