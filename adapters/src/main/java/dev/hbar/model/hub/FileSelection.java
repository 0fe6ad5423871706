package dev.hbar.model.hub;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a repository are fetched: those that a checkpoint is loaded from, at the top of
 * the repository, and whatever else was asked for. The same weights in other formats stay where
 * they are.
 *
 * @param include further names as globs, {@code *} within a folder and {@code **} across
 */
public record FileSelection(List<String> include) {
  private static final Pattern WEIGHTS = Pattern.compile("model[^/]*\\.safetensors");
  private static final Pattern OTHER_WEIGHTS = Pattern.compile("[^/]*\\.safetensors");
  private static final Pattern BESIDE =
      Pattern.compile("[^/]*\\.(json|jinja|model|tiktoken)|merges\\.txt|vocab\\.txt");

  /** What a checkpoint is loaded from. */
  public static final FileSelection CHECKPOINT = new FileSelection(List.of());

  /** Copies the list; refuses a pattern that is none. */
  public FileSelection {
    include = List.copyOf(include);
    include.forEach(FileSelection::matcher);
  }

  /**
   * The files to fetch, weights last.
   *
   * @throws HubException when there is nothing to load a model from, and nothing else is asked for
   */
  List<RemoteFile> of(String repository, List<RemoteFile> all) {
    boolean usual = all.stream().anyMatch(file -> WEIGHTS.matcher(file.path()).matches());
    Pattern weights = usual ? WEIGHTS : OTHER_WEIGHTS;
    List<PathMatcher> asked = include.stream().map(FileSelection::matcher).toList();
    List<RemoteFile> chosen =
        all.stream()
            .filter(
                file ->
                    BESIDE.matcher(file.path()).matches()
                        || weights.matcher(file.path()).matches()
                        || asked.stream().anyMatch(glob -> glob.matches(Path.of(file.path()))))
            .sorted(Comparator.comparing(FileSelection::isWeight).thenComparing(RemoteFile::path))
            .toList();
    if (asked.isEmpty() && chosen.stream().noneMatch(FileSelection::isWeight)) {
      throw new HubException(
          "no safetensors files, in %s: name a repository that has some, or the files to fetch with --include"
              .formatted(repository));
    }
    for (int i = 0; i < asked.size(); i++) {
      PathMatcher glob = asked.get(i);
      if (all.stream().noneMatch(file -> glob.matches(Path.of(file.path())))) {
        throw new HubException(
            "no file matches %s, in %s: correct --include".formatted(include.get(i), repository));
      }
    }
    return chosen;
  }

  private static boolean isWeight(RemoteFile file) {
    return file.path().endsWith(".safetensors");
  }

  private static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException malformed) {
      throw new HubException("no glob: " + glob + ": correct --include", malformed);
    }
  }
}
