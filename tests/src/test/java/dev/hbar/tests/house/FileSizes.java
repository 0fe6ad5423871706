package dev.hbar.tests.house;

import java.util.List;

/** Hand-written files that ship stay small. */
record FileSizes(Budget budget) implements Rule {
  @Override
  public String title() {
    return "files: median <= 90 lines, 90 % <= 350, none > 500";
  }

  @Override
  public List<String> breaches(Project project) {
    var files = project.files().stream().filter(SourceFile::isMainJava).toList();
    return budget.breaches(files, file -> file.lines().size(), SourceFile::path);
  }
}
