package dev.hbar.tests.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Parses Java with the compiler of the running JDK; nothing is resolved, so no class path. */
final class Declarations extends TreePathScanner<Void, SourceFile> {
  private final DocTrees trees;
  private final List<Declaration> found = new ArrayList<>();

  private Declarations(DocTrees trees) {
    this.trees = trees;
  }

  static List<Declaration> of(List<SourceFile> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    // The compiler wraps the sources it is given; a unit is known by its URI only.
    var byUri = files.stream().collect(Collectors.toMap(Source::uri, file -> file));
    var sources = files.stream().map(Source::new).toList();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, null, null, sources);
    var scanner = new Declarations(DocTrees.instance(task));
    try {
      for (CompilationUnitTree unit : task.parse()) {
        scanner.scan(unit, byUri.get(unit.getSourceFile().toUri()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(scanner.found);
  }

  @Override
  public Void visitClass(ClassTree type, SourceFile file) {
    // An anonymous class has no name; its methods still count.
    if (!type.getSimpleName().isEmpty()) {
      add(kindOf(type), type, type.getSimpleName().toString(), type.getModifiers(), file);
    }
    return super.visitClass(type, file);
  }

  @Override
  public Void visitMethod(MethodTree method, SourceFile file) {
    if (method.getBody() != null) {
      add(Declaration.Kind.METHOD, method, method.getName() + "()", method.getModifiers(), file);
    }
    return super.visitMethod(method, file);
  }

  private void add(
      Declaration.Kind kind, Tree tree, String name, ModifiersTree modifiers, SourceFile file) {
    var unit = getCurrentPath().getCompilationUnit();
    var positions = trees.getSourcePositions();
    long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
    long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
    var annotations =
        modifiers.getAnnotations().stream()
            .map(annotation -> annotation.getAnnotationType().toString())
            .collect(Collectors.toSet());
    boolean hasJavadoc = trees.getDocComment(getCurrentPath()) != null;
    found.add(
        new Declaration(
            kind,
            file,
            name,
            modifiers.getFlags(),
            annotations,
            hasJavadoc,
            (int) first,
            (int) (last - first) + 1));
  }

  private static Declaration.Kind kindOf(ClassTree type) {
    return type.getKind() == Tree.Kind.CLASS ? Declaration.Kind.CLASS : Declaration.Kind.OTHER_TYPE;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final SourceFile file;

    Source(SourceFile file) {
      super(uri(file), Kind.SOURCE);
      this.file = file;
    }

    static URI uri(SourceFile file) {
      return URI.create("source:///" + file.path());
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return file.text();
    }
  }
}
