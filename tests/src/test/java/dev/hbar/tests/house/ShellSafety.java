package dev.hbar.tests.house;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A shell script stops at the first failing command, unset variable or failing part of a pipe.
 * Files without an interpreter line are sourced, and run under the options of the script that
 * sources them.
 */
record ShellSafety() implements Rule {
  private static final Pattern SHELL = Pattern.compile("\\A#!.*\\b(ba|z|da)?sh\\b");
  private static final Pattern STRICT = Pattern.compile("(?m)^set -euo pipefail$");

  @Override
  public String title() {
    return "every shell script has set -euo pipefail";
  }

  @Override
  public List<String> breaches(Project project) {
    return project.files().stream()
        .filter(file -> SHELL.matcher(file.text()).find())
        .filter(file -> !STRICT.matcher(file.text()).find())
        .map(file -> file.path() + " lacks set -euo pipefail")
        .toList();
  }
}
