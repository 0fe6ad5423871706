package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java block of README and docs compiles, taken from the text itself. */
class JavaBlocksTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```$");
  private static final Pattern IMPORTS = Pattern.compile("(?m)^import [\\w.]+;\\R");
  private static final String PACKAGES =
      """
      import dev.hbar.mlx.*;
      import dev.hbar.model.checkpoint.*;
      import dev.hbar.model.decode.*;
      import dev.hbar.model.tokenizer.*;
      import dev.hbar.monitor.generation.*;
      import dev.hbar.monitor.risk.*;
      import dev.hbar.monitor.signal.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  /** A block with the page and the number it stands under. */
  record Block(String page, int number, String code) {
    @Override
    public String toString() {
      return page + " block " + number;
    }
  }

  static List<Block> blocks() throws IOException {
    Path root = Path.of(System.getProperty("hbar.root"));
    List<Block> blocks = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path page : files.filter(JavaBlocksTest::isPage).sorted().toList()) {
        Matcher matcher = BLOCK.matcher(Files.readString(page));
        for (int number = 1; matcher.find(); number++) {
          blocks.add(new Block(root.relativize(page).toString(), number, matcher.group(1)));
        }
      }
    }
    return blocks;
  }

  private static boolean isPage(Path file) {
    String path = file.toString();
    return path.endsWith(".md") && !path.contains("/target/") && !path.contains("/.");
  }

  @Test
  void readme_hasAJavaBlock() throws IOException {
    assertTrue(blocks().stream().anyMatch(block -> block.page().equals("README.md")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void block_compiles(Block block) {
    assertEquals(List.of(), errors(source(block.code())), block::code);
  }

  /** Statements become the body of a method; a page that declares a type is left as it is. */
  private static String source(String code) {
    if (Pattern.compile("(?m)^(public |final |class |record |interface )").matcher(code).find()) {
      return PACKAGES + code;
    }
    StringBuilder imports = new StringBuilder(PACKAGES);
    IMPORTS.matcher(code).results().forEach(match -> imports.append(match.group()));
    String body = IMPORTS.matcher(code).replaceAll("");
    return imports + "class Block { void run() throws Exception {\n" + body + "\n} }";
  }

  private static List<String> errors(String source) {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Block.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d", ".");
    // Only analysed: -d is never written to without code generation.
    var task =
        (com.sun.source.util.JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, found, options, null, List.of(file));
    try {
      task.analyze();
    } catch (IOException e) {
      return List.of(e.toString());
    }
    return found.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .map(one -> one.getLineNumber() + ": " + one.getMessage(null))
        .toList();
  }
}
