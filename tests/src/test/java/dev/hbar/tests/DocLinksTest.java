package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links and paths of the pages lead somewhere, and every page is reached from the README. */
class DocLinksTest {
  private static final Path ROOT = Path.of(System.getProperty("hbar.root"));
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]+)[^)]*\\)");
  private static final Pattern FILE =
      Pattern.compile("`([a-z][\\w-]*(?:/[\\w.-]+)+\\.(?:java|md|sh|py|json))`");

  @Test
  void everyLink_leadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (Path target : links(page)) {
        if (!Files.exists(target)) {
          broken.add(ROOT.relativize(page) + " -> " + ROOT.relativize(target));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyFileThatIsNamed_exists() throws IOException {
    List<String> broken = new ArrayList<>();
    for (String page : List.of("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")) {
      FILE.matcher(Files.readString(ROOT.resolve(page)))
          .results()
          .map(match -> match.group(1))
          .filter(name -> !Files.exists(ROOT.resolve(name)))
          .forEach(name -> broken.add(page + ": " + name));
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyPage_isReachedFromTheReadme() throws IOException {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> open = new ArrayDeque<>(List.of(ROOT.resolve("README.md")));
    while (!open.isEmpty()) {
      Path page = open.pop();
      if (reached.add(page)) {
        links(page).stream().filter(p -> p.toString().endsWith(".md")).forEach(open::push);
      }
    }
    Set<Path> lost = new TreeSet<>(pages());
    lost.removeAll(reached);
    assertEquals(Set.of(), lost);
  }

  private static List<Path> links(Path page) throws IOException {
    return LINK.matcher(Files.readString(page))
        .results()
        .map(MatchResult::group)
        .map(link -> LINK.matcher(link).replaceAll("$1"))
        .map(target -> page.getParent().resolve(target).normalize())
        .toList();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(
              file -> !ROOT.relativize(file).toString().matches("(?s).*(\\btarget/|^\\.|/\\.).*"))
          .sorted()
          .toList();
    }
  }
}
