package dev.hbar.tests.house;

import java.util.List;

/** One house rule of the design, checked over the whole project. */
sealed interface Rule
    permits FileSizes,
        FinalClasses,
        ForbiddenText,
        LocaleFree,
        MethodLengths,
        ModuleDirection,
        PackageCircles,
        PackageInfo,
        PublicJavadoc,
        ShellSafety,
        TestNames,
        TypeNames,
        UrlHosts {

  /** What the rule asks for, as the name of its test. */
  String title();

  /** One line per breach: the file, the line where there is one, and what is wrong. */
  List<String> breaches(Project project);
}
