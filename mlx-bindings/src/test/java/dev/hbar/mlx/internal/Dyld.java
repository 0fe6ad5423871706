package dev.hbar.mlx.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Resolves the dependencies of libraries as dyld does: @loader_path is the folder of the library
 * that asks, @rpath the run paths of it and of those that led to it, then those of the executable.
 * A library that is loaded already is found by its install name, and what macOS itself has under
 * /usr/lib and /System is there.
 */
final class Dyld {
  private final Map<String, MachO> files;
  private final List<String> executableRunPaths;
  private final Map<String, MachO> loaded = new HashMap<>();

  /** A process with these files on its disk, by absolute path, and run paths of its executable. */
  Dyld(Map<String, MachO> files, List<String> executableRunPaths) {
    this.files = files;
    this.executableRunPaths = executableRunPaths;
  }

  /** Opens a file by its absolute path; what is missing, or empty. */
  Optional<String> open(String path) {
    return load(path, List.of());
  }

  /** Paths of the files that are loaded. */
  List<String> loaded() {
    return loaded.keySet().stream().sorted().toList();
  }

  private Optional<String> load(String path, List<String> inherited) {
    MachO library = files.get(path);
    if (library == null) {
      return Optional.of(path);
    }
    if (loaded.putIfAbsent(path, library) != null) {
      return Optional.empty();
    }
    String folder = path.substring(0, path.lastIndexOf('/'));
    List<String> runPaths =
        Stream.concat(
                library.runPaths().stream().map(run -> run.replace("@loader_path", folder)),
                inherited.stream())
            .toList();
    for (String needed : library.needed()) {
      Optional<String> missing = dependency(needed, folder, runPaths);
      if (missing.isPresent()) {
        loaded.remove(path);
        return missing;
      }
    }
    return Optional.empty();
  }

  private Optional<String> dependency(String needed, String folder, List<String> runPaths) {
    boolean there =
        needed.startsWith("/usr/lib/")
            || needed.startsWith("/System/")
            || loaded.values().stream().anyMatch(l -> l.id().filter(needed::equals).isPresent());
    if (there) {
      return Optional.empty();
    }
    return candidates(needed, folder, runPaths).stream()
        .filter(files::containsKey)
        .findFirst()
        .map(found -> load(found, runPaths))
        .orElse(Optional.of(needed));
  }

  private List<String> candidates(String needed, String folder, List<String> runPaths) {
    if (!needed.startsWith("@rpath/")) {
      return List.of(needed.replace("@loader_path", folder));
    }
    List<String> found = new ArrayList<>();
    Stream.concat(runPaths.stream(), executableRunPaths.stream())
        .forEach(run -> found.add(needed.replace("@rpath", run)));
    return found;
  }
}
