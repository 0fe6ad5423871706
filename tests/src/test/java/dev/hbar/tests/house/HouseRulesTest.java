package dev.hbar.tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HouseRulesTest {
  private static Project project;

  @BeforeAll
  static void readProject() throws IOException {
    project = Project.read(Path.of(System.getProperty("hbar.root")));
    assertTrue(project.declarations().size() > 5, "the project's sources were not found");
  }

  static Stream<Named<Rule>> rules() {
    return HouseRules.all().stream().map(rule -> Named.of(rule.title(), rule));
  }

  static Stream<Example> badExamples() {
    return Example.bad();
  }

  static Stream<Example> goodExamples() {
    return Example.good();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void project_keepsTheRule(Rule rule) {
    List<String> breaches = rule.breaches(project);
    assertTrue(breaches.isEmpty(), () -> rule.title() + ":\n" + String.join("\n", breaches));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badExamples")
  void badExample_breaksItsRuleOnly(Example example) {
    assertEquals(Set.of(example.rule()), brokenBy(example));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodExamples")
  void goodExample_breaksNoRule(Example example) {
    assertEquals(Set.of(), brokenBy(example));
  }

  @Test
  void everyRule_hasABadExample() {
    assertEquals(
        HouseRules.all().stream().map(Rule::title).collect(Collectors.toSet()),
        badExamples().map(Example::rule).collect(Collectors.toSet()));
  }

  private static Set<String> brokenBy(Example example) {
    Project small = Project.of(example.files());
    return HouseRules.all().stream()
        .filter(rule -> !rule.breaches(small).isEmpty())
        .map(Rule::title)
        .collect(Collectors.toSet());
  }
}
