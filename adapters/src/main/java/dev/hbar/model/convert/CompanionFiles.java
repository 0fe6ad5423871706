package dev.hbar.model.convert;

import dev.hbar.model.checkpoint.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files beside the weights that a converted checkpoint keeps as they are; never code. */
final class CompanionFiles {
  private static final Pattern KEPT =
      Pattern.compile(
          "tokenizer.*\\.(json|model)|tekken\\.json|.*\\.(jinja|tiktoken)|chat_template.*\\.json|special_tokens_map\\.json"
              + "|added_tokens\\.json|vocab\\.(json|txt)|merges\\.txt|spiece\\.model"
              + "|generation_config\\.json|(LICEN[CS]E|NOTICE|USE_POLICY).*");

  /** Where further chat templates lie. */
  private static final String TEMPLATES = "additional_chat_templates";

  private CompanionFiles() {}

  /** Those of a checkpoint, sorted by name, links resolved and checked. */
  static List<Path> of(CheckpointDirectory directory) {
    Stream<String> more =
        directory
            .find(TEMPLATES)
            .filter(Files::isDirectory)
            .map(folder -> CheckpointDirectory.of(folder).entries().stream())
            .orElse(Stream.empty())
            .map(name -> TEMPLATES + "/" + name)
            .filter(name -> name.endsWith(".jinja"));
    return Stream.concat(
            directory.entries().stream().filter(name -> KEPT.matcher(name).matches()), more)
        .flatMap(name -> directory.find(name).stream())
        .filter(Files::isRegularFile)
        .toList();
  }

  static void copy(List<Path> files, OutputFolder out) throws IOException {
    for (Path file : files) {
      boolean further = file.getParent().endsWith(TEMPLATES);
      String name = file.getFileName().toString();
      Path target = out.add(further ? TEMPLATES + "/" + name : name);
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }
}
