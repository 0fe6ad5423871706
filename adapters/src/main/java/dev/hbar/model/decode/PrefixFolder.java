package dev.hbar.model.decode;

import dev.hbar.mlx.CheckedFiles;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxIo;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.io.Sha256;
import dev.hbar.model.io.WholeFile;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What sequences have computed, in files that outlive the process: one safetensors file each, whose
 * name is the hash of its content, in a private folder for each model. A file that is damaged, or
 * that another process has removed, is passed over. One thread at a time.
 */
public final class PrefixFolder {
  private static final String SUFFIX = ".safetensors";
  private static final String UNFINISHED = "unfinished-";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Place place;
  private final Path folder;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * Where such files lie.
   *
   * @param folder of all models; made if it is not there
   * @param most bytes that the files of all models may take; the least recently used go first
   * @param notes is told what could not be read or written, one line each
   */
  public record Place(Path folder, long most, Consumer<String> notes) {}

  /**
   * A file.
   *
   * @param isWhole whether it holds all that was seen, so that shorter beginnings can be taken of
   *     it
   */
  private record Entry(Path file, int[] ids, int begunWith, boolean isWhole) {
    private int usable(int[] prompt) {
      return PrefixCache.usable(ids, isWhole, prompt);
    }
  }

  /** Thrown out of a write that was called off. */
  private static final class CalledOff extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CalledOff() {
      super("called off", null, false, false);
    }
  }

  private PrefixFolder(Place place, Path folder) {
    this.place = place;
    this.folder = folder;
  }

  /**
   * The files of one model.
   *
   * @param key hash of all that decides what the model computes; files of another are not seen
   * @return empty, with a note, if the folder cannot be used
   */
  public static Optional<PrefixFolder> open(Place place, String key) {
    Path folder = place.folder().resolve(key.substring(0, 32));
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!CheckedFiles.isPrivate(folder)) {
        place
            .notes()
            .accept(folder + " is not used: others can write into it, chmod 700 " + folder);
        return Optional.empty();
      }
      PrefixFolder open = new PrefixFolder(place, folder);
      open.list();
      return Optional.of(open);
    } catch (IOException | UnsupportedOperationException e) {
      place.notes().accept("no prefix is kept in " + folder + ": " + ErrorText.reason(e));
      return Optional.empty();
    }
  }

  private void list() throws IOException {
    for (Path file : files(folder)) {
      if (file.getFileName().toString().startsWith(UNFINISHED)) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(ABANDONED))) {
          Files.deleteIfExists(file);
        }
        continue;
      }
      try {
        entries.add(entry(file));
      } catch (HbarException | IllegalArgumentException damaged) {
        ignore(file);
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().contains(SUFFIX)).sorted().toList();
    }
  }

  private static Entry entry(Path file) {
    Map<String, String> notes = SafetensorsHeaderReader.read(file).metadata();
    int[] ids =
        Arrays.stream(notes.getOrDefault("ids", "").split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();
    int begunWith = Integer.parseInt(notes.getOrDefault("begun_with", ""));
    return new Entry(file, ids, begunWith, Boolean.parseBoolean(notes.get("whole")));
  }

  private void ignore(Path file) {
    place.notes().accept("the kept prefix " + file + " is damaged and ignored");
  }

  /**
   * The sequence that has more in common with a prompt than {@code known} tokens, read and checked.
   *
   * @param onMlx runs work on MLX's thread
   * @param run owns what is read
   */
  Optional<PrefixCache.Kept> find(
      int[] prompt, int known, Consumer<Consumer<CausalLm>> onMlx, MlxScope run) {
    Optional<Entry> best =
        entries.stream()
            .filter(entry -> entry.usable(prompt) > known)
            .max(Comparator.comparingInt(entry -> entry.usable(prompt)));
    if (best.isEmpty()) {
      return Optional.empty();
    }
    Entry entry = best.get();
    List<PrefixCache.Kept> read = new ArrayList<>();
    try {
      if (!Files.exists(entry.file())) {
        entries.remove(entry);
        return Optional.empty();
      }
      if (!entry.file().getFileName().toString().equals(Sha256.hex(entry.file()) + SUFFIX)) {
        throw new IllegalArgumentException("not what was written");
      }
      onMlx.accept(model -> read.add(read(entry, model, run)));
      Files.setLastModifiedTime(entry.file(), FileTime.from(Instant.now()));
    } catch (IOException | HbarException | IllegalArgumentException damaged) {
      entries.remove(entry);
      ignore(entry.file());
    }
    return read.stream().findFirst();
  }

  private static PrefixCache.Kept read(Entry entry, CausalLm model, MlxScope run) {
    SafetensorsHeader header = SafetensorsHeaderReader.read(entry.file());
    Map<String, MlxArray> arrays = SafetensorsLoader.load(run, header);
    try {
      KvCache cache =
          model.restoredCache(
              run, new SequenceLength(entry.begunWith()), entry.ids().length, arrays);
      return new PrefixCache.Kept(entry.ids(), cache, entry.begunWith(), true);
    } catch (RuntimeException | Error unfit) {
      arrays.values().forEach(MlxArray::close);
      throw unfit;
    }
  }

  /**
   * Writes a sequence, in the place of those that are its beginning.
   *
   * @param onMlx runs work on MLX's thread: once for each array, so that others get their turn
   * @param goesOn asked between two arrays; false calls it off
   * @return whether the matter is settled, written or not: false if it was called off
   */
  boolean save(PrefixCache.Kept kept, Consumer<Consumer<CausalLm>> onMlx, BooleanSupplier goesOn) {
    Path unfinished = folder.resolve(UNFINISHED + ProcessHandle.current().pid() + SUFFIX);
    try {
      try {
        SafetensorsWriter.write(unfinished, notes(kept), tensors(kept, onMlx, goesOn));
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        Path file = folder.resolve(Sha256.hex(unfinished) + SUFFIX);
        WholeFile.replace(unfinished, file);
        replaceBeginnings(new Entry(file, kept.ids(), kept.begunWith(), kept.isWhole()));
      } finally {
        Files.deleteIfExists(unfinished);
      }
      makeRoom();
    } catch (CalledOff later) {
      return false;
    } catch (IOException | HbarException e) {
      place.notes().accept("a prefix is not kept in " + folder + ": " + ErrorText.reason(e));
    }
    return true;
  }

  private static Map<String, String> notes(PrefixCache.Kept kept) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(
        "ids",
        IntStream.of(kept.ids()).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
    notes.put("begun_with", Integer.toString(kept.begunWith()));
    notes.put("whole", Boolean.toString(kept.isWhole()));
    return notes;
  }

  private static List<TensorToWrite> tensors(
      PrefixCache.Kept kept, Consumer<Consumer<CausalLm>> onMlx, BooleanSupplier goesOn) {
    List<TensorToWrite> tensors = new ArrayList<>();
    onMlx.accept(
        model -> {
          try (MlxScope scope = model.openRun("shapes")) {
            kept.cache()
                .saved(scope)
                .forEach(
                    (name, array) ->
                        tensors.add(
                            new TensorToWrite(
                                name,
                                array.dtype(),
                                IntStream.of(array.shape()).boxed().toList(),
                                channel -> {
                                  if (!goesOn.getAsBoolean()) {
                                    throw new CalledOff();
                                  }
                                  write(kept, name, onMlx, channel);
                                })));
          }
        });
    return tensors;
  }

  private static void write(
      PrefixCache.Kept kept,
      String name,
      Consumer<Consumer<CausalLm>> onMlx,
      WritableByteChannel channel)
      throws IOException {
    List<IOException> failures = new ArrayList<>();
    onMlx.accept(
        model -> {
          try (MlxScope scope = model.openRun("saved prefix")) {
            MlxArray part = kept.cache().saved(scope).get(name);
            MlxIo.write(scope, scope.ops().contiguous(part), channel);
          } catch (IOException e) {
            failures.add(e);
          }
        });
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void replaceBeginnings(Entry next) throws IOException {
    for (Entry old : List.copyOf(entries)) {
      boolean same = old.file().equals(next.file());
      if (!same
          && next.isWhole()
          && PrefixCache.common(old.ids(), next.ids()) == old.ids().length) {
        Files.deleteIfExists(old.file());
        same = true;
      }
      if (same) {
        entries.remove(old);
      }
    }
    entries.add(next);
  }

  /** Files of other models count, too, and go as well. */
  private void makeRoom() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> models = Files.list(place.folder())) {
      for (Path model : models.filter(Files::isDirectory).toList()) {
        all.addAll(files(model));
      }
    }
    Map<Path, FileTime> used = new LinkedHashMap<>();
    long bytes = 0;
    for (Path file : all) {
      used.put(file, Files.getLastModifiedTime(file));
      bytes += Files.size(file);
    }
    all.sort(Comparator.comparing(used::get));
    for (Path oldest : all) {
      if (bytes <= place.most()) {
        return;
      }
      bytes -= Files.size(oldest);
      Files.deleteIfExists(oldest);
      entries.removeIf(entry -> entry.file().equals(oldest));
    }
  }
}
