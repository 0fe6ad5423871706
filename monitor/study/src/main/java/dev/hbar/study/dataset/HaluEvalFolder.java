package dev.hbar.study.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with the three HaluEval files, every record of them valid.
 *
 * @param files task to its file: the one .json or .jsonl whose name contains the task's name
 * @param records task to its number of records
 * @param sha256 task's id to the hash of its file, lower-case hexadecimal
 */
public record HaluEvalFolder(
    Map<HaluEvalTask, Path> files, Map<HaluEvalTask, Integer> records, Map<String, String> sha256) {

  /**
   * Finds and checks the files.
   *
   * @throws DatasetException if a task has no file or several, or a file is damaged
   */
  public static HaluEvalFolder open(Path folder) {
    List<Path> candidates = candidates(folder);
    Map<HaluEvalTask, Path> files = new EnumMap<>(HaluEvalTask.class);
    for (HaluEvalTask task : HaluEvalTask.values()) {
      files.put(task, fileOf(task, folder, candidates));
    }
    Map<HaluEvalTask, Integer> records = new EnumMap<>(HaluEvalTask.class);
    Map<String, String> hashes = new TreeMap<>();
    files.forEach(
        (task, file) -> {
          HaluEvalCheck.Result checked = HaluEvalCheck.run(file, task);
          records.put(task, checked.records());
          hashes.put(task.id(), checked.sha256());
        });
    return new HaluEvalFolder(files, records, Collections.unmodifiableMap(hashes));
  }

  private static List<Path> candidates(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> name(file).endsWith(".jsonl") || name(file).endsWith(".json"))
          .sorted()
          .toList();
    } catch (NotDirectoryException e) {
      throw new DatasetException(folder, "is a file, not a folder; for one file give --task");
    } catch (IOException e) {
      throw new DatasetException(folder, "no such folder, or it cannot be read");
    }
  }

  private static Path fileOf(HaluEvalTask task, Path folder, List<Path> candidates) {
    List<Path> found = candidates.stream().filter(file -> name(file).contains(task.id())).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String names =
        found.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    throw new DatasetException(
        folder,
        found.isEmpty()
            ? "has no .json or .jsonl file with \"%s\" in its name".formatted(task.id())
            : "has several files for %s: %s; leave one".formatted(task.id(), names));
  }

  private static String name(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }
}
