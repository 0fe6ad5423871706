package dev.hbar.tests.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The hand-written and generated text files of the project, and what the Java ones declare. */
record Project(List<SourceFile> files, List<Declaration> declarations) {
  // What .gitignore leaves out, and git itself.
  private static final Set<String> IGNORED =
      Set.of(".git", ".hbar", ".idea", ".vscode", "target", "__pycache__");
  // A larger file is data, not text that somebody wrote.
  private static final long LARGEST_TEXT = 1 << 20;

  static Project of(List<SourceFile> files) {
    return new Project(files, Declarations.of(files.stream().filter(SourceFile::isJava).toList()));
  }

  /** Reads every text file below {@code root}; files with a NUL byte are binary and left out. */
  static Project read(Path root) throws IOException {
    var files = new ArrayList<SourceFile>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return IGNORED.contains(String.valueOf(dir.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // In a linked work tree .git is a file.
            if (attributes.isRegularFile()
                && attributes.size() <= LARGEST_TEXT
                && !file.endsWith(".git")) {
              String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
              if (text.indexOf('\0') < 0) {
                String path = root.relativize(file).toString().replace('\\', '/');
                files.add(new SourceFile(path, text));
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return of(files);
  }

  Stream<SourceFile> handWritten() {
    return files.stream().filter(file -> !file.isGenerated());
  }
}
