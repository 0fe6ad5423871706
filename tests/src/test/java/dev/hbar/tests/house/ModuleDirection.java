package dev.hbar.tests.house;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Modules point one way only; Maven's class paths then keep the code to it. */
record ModuleDirection() implements Rule {
  private static final List<String> ORDER =
      List.of(
          "mlx-bindings",
          "adapters",
          "monitor-core",
          "monitor-study",
          "monitor-serve",
          "monitor-cli",
          "tests");
  private static final Pattern OWN_DEPENDENCY =
      Pattern.compile(
          "<dependency>(?:(?!</dependency>)[\\s\\S])*?<groupId>(?:dev\\.hbar|\\$\\{project.groupId})</groupId>"
              + "\\s*<artifactId>([\\w-]+)</artifactId>");

  @Override
  public String title() {
    return "mlx-bindings <- adapters <- core <- study, serve <- cli <- tests";
  }

  @Override
  public List<String> breaches(Project project) {
    return ORDER.stream().flatMap(module -> wrongDependencies(project, module)).toList();
  }

  private static Stream<String> wrongDependencies(Project project, String module) {
    return project.files().stream()
        .filter(file -> file.path().equals(module.replace("monitor-", "monitor/") + "/pom.xml"))
        .flatMap(pom -> dependencies(pom.text()))
        .filter(dependency -> ORDER.indexOf(dependency) >= ORDER.indexOf(module))
        .map(dependency -> module + "'s pom.xml must not depend on " + dependency);
  }

  private static Stream<String> dependencies(String pom) {
    Matcher matcher = OWN_DEPENDENCY.matcher(pom);
    return matcher.results().map(match -> match.group(1));
  }
}
