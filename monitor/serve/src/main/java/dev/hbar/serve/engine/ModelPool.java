package dev.hbar.serve.engine;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of a server: opened when they are first asked for, closed when they were idle for long
 * or when another one needs their memory, the least recently used first. A model that answers a
 * request is never closed. Any thread.
 */
public final class ModelPool implements AutoCloseable {
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Source source;
  private final int rows;
  private final Optional<Duration> idle;
  private final Optional<PrefixFolder.Place> prefixes;
  private final Clock clock;
  private boolean closed;

  /** Where models and their risk come from. */
  public interface Source {
    /** Opens a checkpoint; its weights are loaded later. */
    GenerationModel open(String checkpoint);

    /** How risk is computed on a model. */
    HaltPolicy policy(GenerationModel model);
  }

  /** A model that stays open until this is closed. */
  public record Lease(ServedModel model, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /** One of the checkpoints that are offered. */
  private static final class Slot {
    private final String checkpoint;
    private Optional<ServedModel> model = Optional.empty();
    private boolean pinned;
    private int users;
    private Instant lastUsed = Instant.EPOCH;

    private Slot(String checkpoint) {
      this.checkpoint = checkpoint;
    }

    private boolean isIdle() {
      return model.isPresent() && users == 0 && !pinned;
    }
  }

  /**
   * @param checkpoints folders or names in the Hugging Face cache; clients call a folder by its
   *     last part. The first one answers requests that name no model
   * @param rows answers of one model that grow at once
   * @param idle time without a request after which a model is closed; empty for never
   * @param prefixes where what was computed is kept in files; empty for nowhere
   */
  public ModelPool(
      List<String> checkpoints,
      Source source,
      int rows,
      Optional<Duration> idle,
      Optional<PrefixFolder.Place> prefixes,
      Clock clock) {
    for (String checkpoint : checkpoints) {
      if (slots.put(name(checkpoint), new Slot(checkpoint)) != null) {
        throw new IllegalArgumentException(
            "two checkpoints are called " + name(checkpoint) + ": rename one of the folders");
      }
    }
    this.source = source;
    this.rows = rows;
    this.idle = idle;
    this.prefixes = prefixes;
    this.clock = clock;
  }

  /**
   * Keeps a model open once it is.
   *
   * @throws IllegalArgumentException if it is not offered
   */
  public synchronized void pin(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "cannot pin " + name + ": pin one of " + String.join(", ", slots.keySet()));
    }
    slot.pinned = true;
  }

  /** A name in the cache as it stands, a folder by its last part. */
  private static String name(String checkpoint) {
    Path folder = Path.of(checkpoint);
    return Files.isDirectory(folder)
        ? folder.toAbsolutePath().getFileName().toString()
        : checkpoint;
  }

  /** What clients may ask for, the default first. */
  public List<String> names() {
    return List.copyOf(slots.keySet());
  }

  /** When a model was opened; empty for one that is not open. */
  public synchronized Optional<Instant> opened(String name) {
    return Optional.ofNullable(slots.get(name))
        .flatMap(slot -> slot.model)
        .map(ServedModel::opened);
  }

  /**
   * A model by its name; empty or {@code default} for the first one.
   *
   * @throws ApiException NOT_FOUND naming those there are
   * @throws CheckpointException if it cannot be opened
   */
  public synchronized Lease lease(String name) {
    if (closed) {
      throw ApiException.of(ApiException.Kind.UNAVAILABLE, "the server is closing");
    }
    boolean unnamed = name.isEmpty() || name.equals("default");
    Slot slot = unnamed ? slots.values().iterator().next() : slots.get(name);
    if (slot == null) {
      throw ApiException.of(
          ApiException.Kind.NOT_FOUND,
          "there is no model "
              + ErrorText.quoted(name)
              + ": ask for one of "
              + String.join(", ", slots.keySet()));
    }
    ServedModel model = slot.model.orElseGet(() -> open(slot));
    slot.model = Optional.of(model);
    slot.users++;
    return new Lease(model, () -> release(slot));
  }

  private ServedModel open(Slot slot) {
    GenerationModel model = source.open(slot.checkpoint);
    try {
      return new ServedModel(
          name(slot.checkpoint),
          model,
          new GenerationBatch(model, rows, prefixes),
          source.policy(model),
          clock.instant(),
          new Grammars(model));
    } catch (RuntimeException | Error failure) {
      model.close();
      throw failure;
    }
  }

  private synchronized void release(Slot slot) {
    slot.users--;
    slot.lastUsed = clock.instant();
  }

  /**
   * Loads a model's weights for a request, at the cost of models that are idle.
   *
   * @throws CheckpointException if it does not fit beside those that are in use
   */
  public void load(ServedModel model, int promptTokens, GenerationSettings settings) {
    while (true) {
      try {
        model.model().load(promptTokens, settings);
        return;
      } catch (CheckpointException tooLarge) {
        if (!closeOneIdle()) {
          throw tooLarge;
        }
      }
    }
  }

  private synchronized boolean closeOneIdle() {
    Optional<Slot> oldest =
        slots.values().stream().filter(Slot::isIdle).min(Comparator.comparing(s -> s.lastUsed));
    oldest.ifPresent(ModelPool::shut);
    return oldest.isPresent();
  }

  /** Closes what has been idle for too long. */
  public synchronized void closeIdle() {
    Optional<Instant> since = idle.map(clock.instant()::minus);
    slots.values().stream()
        .filter(Slot::isIdle)
        .filter(slot -> since.filter(limit -> slot.lastUsed.isBefore(limit)).isPresent())
        .forEach(ModelPool::shut);
  }

  private static void shut(Slot slot) {
    slot.model.ifPresent(ServedModel::close);
    slot.model = Optional.empty();
  }

  /** Closes every model; requests under way end with an error. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    slots.values().forEach(ModelPool::shut);
  }
}
