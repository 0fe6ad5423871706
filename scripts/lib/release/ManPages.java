package dev.hbar.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes a man page for hbar and for each of its commands; scripts/release compiles and runs it. */
final class ManPages {
  private ManPages() {}

  public static void main(String[] args) throws Exception {
    File folder = new File(args[0]);
    List<CommandSpec> specs = new ArrayList<>();
    add(specs, Main.complete(Environment.ofProcess()));
    ManPageGenerator.generateManPage(
        folder, null, new boolean[] {}, true, specs.toArray(CommandSpec[]::new));
    try (Asciidoctor asciidoctor = Asciidoctor.Factory.create();
        Stream<Path> pages = Files.list(folder.toPath())) {
      for (Path page : pages.toList()) {
        asciidoctor.convertFile(
            page.toFile(), Options.builder().backend("manpage").safe(SafeMode.UNSAFE).build());
        Files.delete(page);
      }
    }
  }

  private static void add(List<CommandSpec> specs, CommandLine line) {
    specs.add(line.getCommandSpec());
    line.getSubcommands().values().stream().distinct().forEach(sub -> add(specs, sub));
  }
}
