package dev.hbar.tests.house;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Links lead to papers, specifications and sources. Packages come through the clients of their
 * registries, whose host is the user's setting, so no registry or mirror is ever named.
 */
record UrlHosts() implements Rule {
  private static final Pattern URL = Pattern.compile("https?://([\\w.-]+)");
  private static final Set<String> ALLOWED =
      Set.of(
          "aclanthology.org",
          "adoptium.net",
          "arxiv.org",
          "brew.sh",
          "bugs.openjdk.org",
          "doi.org",
          "github.com",
          "huggingface.co",
          "json-schema.org",
          "localhost",
          "maven.apache.org",
          "ml-explore.github.io",
          "no-color.org",
          "openjdk.org",
          "www.apache.org",
          "www.w3.org");

  @Override
  public String title() {
    return "links lead to known hosts, never to a registry";
  }

  @Override
  public List<String> breaches(Project project) {
    return project
        .handWritten()
        .filter(file -> !file.isAboutRules())
        .flatMap(
            file ->
                URL.matcher(file.text())
                    .results()
                    .map(m -> m.group(1))
                    .map(h -> h + " in " + file.path()))
        .filter(hostInFile -> !ALLOWED.contains(hostInFile.split(" ")[0]))
        .distinct()
        .toList();
  }
}
