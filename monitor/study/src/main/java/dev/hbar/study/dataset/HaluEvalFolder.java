package dev.hbar.study.dataset;

import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder with the three HaluEval files, every record of them valid. Immutable. */
public final class HaluEvalFolder {
  private final Map<HaluEvalTask, HaluEvalFile> files;

  private HaluEvalFolder(Map<HaluEvalTask, HaluEvalFile> files) {
    this.files = files;
  }

  /**
   * Finds and checks the files: for every task the one .json or .jsonl file whose name contains the
   * task's name.
   *
   * @throws StudyException if a task has no file or several, or a file is damaged
   */
  public static HaluEvalFolder open(Path folder) {
    List<Path> candidates = candidates(folder);
    Map<HaluEvalTask, Path> paths = new EnumMap<>(HaluEvalTask.class);
    for (HaluEvalTask task : HaluEvalTask.values()) {
      paths.put(task, fileOf(task, folder, candidates));
    }
    Map<HaluEvalTask, HaluEvalFile> files = new EnumMap<>(HaluEvalTask.class);
    paths.forEach((task, path) -> files.put(task, HaluEvalFile.check(path, task)));
    return new HaluEvalFolder(files);
  }

  private static List<Path> candidates(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> name(file).endsWith(".jsonl") || name(file).endsWith(".json"))
          .sorted()
          .toList();
    } catch (NotDirectoryException e) {
      throw new StudyException(folder, "is a file, not a folder; for one file give --task");
    } catch (IOException e) {
      throw new StudyException(folder, "no such folder, or it cannot be read; name another");
    }
  }

  private static Path fileOf(HaluEvalTask task, Path folder, List<Path> candidates) {
    List<Path> found = candidates.stream().filter(file -> name(file).contains(task.id())).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String names =
        found.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    throw new StudyException(
        folder,
        found.isEmpty()
            ? "has no .json or .jsonl file with \"%s\" in its name".formatted(task.id())
            : "has several files for %s: %s; leave one".formatted(task.id(), names));
  }

  private static String name(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  /** Number of records of every task. */
  public Map<HaluEvalTask, Integer> records() {
    Map<HaluEvalTask, Integer> records = new EnumMap<>(HaluEvalTask.class);
    files.forEach((task, file) -> records.put(task, file.records()));
    return records;
  }

  /**
   * The samples of a draw with their prompts. The records needed are read in one pass per file and
   * kept while the stream is open: a few kB each.
   */
  public SampleSource samples(Draw draw) {
    return new Drawn(files, draw);
  }

  private record Drawn(Map<HaluEvalTask, HaluEvalFile> files, Draw draw) implements SampleSource {
    @Override
    public int size() {
      return draw.samples().size();
    }

    @Override
    public Origin origin() {
      Map<String, String> hashes = new TreeMap<>();
      files.forEach((task, file) -> hashes.put(task.id(), file.sha256()));
      return new Origin(
          hashes,
          draw.protocol().id(),
          new Selection.Drawn(draw.set().id(), draw.n(), draw.seed()));
    }

    @Override
    public Stream<Sample> open() {
      Map<HaluEvalTask, Map<Integer, Map<String, String>>> records = new HashMap<>();
      files.forEach((task, file) -> records.put(task, read(file)));
      return draw.samples().stream()
          .map(
              pick ->
                  pick.task()
                      .sample(
                          pick.number(),
                          pick.label(),
                          records.get(pick.task()).get(pick.recordIndex())));
    }

    private Map<Integer, Map<String, String>> read(HaluEvalFile file) {
      Set<Integer> wanted =
          draw.samples().stream()
              .filter(pick -> pick.task() == file.task())
              .map(Draw.Pick::recordIndex)
              .collect(Collectors.toSet());
      Map<Integer, Map<String, String>> records = new HashMap<>();
      try (HaluEvalFile.Lines lines = file.open()) {
        for (int recordIndex = 0; records.size() < wanted.size(); recordIndex++) {
          if (wanted.contains(recordIndex)) {
            records.put(recordIndex, draw.protocol().shown(lines.nextRecord()));
          } else {
            lines.skip(1);
          }
        }
      }
      return records;
    }
  }
}
