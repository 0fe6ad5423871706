package dev.hbar.tests.house;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every package of main sources says in a package-info what it is for. */
record PackageInfo() implements Rule {
  @Override
  public String title() {
    return "every package has a package-info with Javadoc";
  }

  @Override
  public List<String> breaches(Project project) {
    Set<String> described =
        project.files().stream()
            .filter(file -> file.path().endsWith("/package-info.java"))
            .filter(file -> file.text().startsWith("/**"))
            .map(PackageInfo::folder)
            .collect(Collectors.toSet());
    return project.files().stream()
        .filter(file -> file.isMainJava() && !file.path().endsWith("/module-info.java"))
        .map(PackageInfo::folder)
        .distinct()
        .filter(folder -> !described.contains(folder))
        .map(folder -> folder + " has no package-info.java that begins with Javadoc")
        .toList();
  }

  private static String folder(SourceFile file) {
    return file.path().substring(0, file.path().lastIndexOf('/'));
  }
}
