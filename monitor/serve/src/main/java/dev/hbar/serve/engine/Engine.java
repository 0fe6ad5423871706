package dev.hbar.serve.engine;

import dev.hbar.monitor.generation.GenerationSettings;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** What every endpoint works with: the models, the places, the counters. Any thread. */
public final class Engine implements AutoCloseable {
  private final ModelPool pool;
  private final Admission admission;
  private final Metrics metrics;
  private final Clock clock;

  /** Takes the pool over: closing this closes it. */
  public Engine(ModelPool pool, Admission admission, Metrics metrics, Clock clock) {
    this.pool = pool;
    this.admission = admission;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The models that are served. */
  public ModelPool pool() {
    return pool;
  }

  /** Who is answered and who waits. */
  public Admission admission() {
    return admission;
  }

  /** What has happened so far. */
  public Metrics metrics() {
    return metrics;
  }

  /** Seconds since 1970, as OpenAI's objects have them. */
  public long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * Does work on a model that is open for as long as it takes, once there is a place for it.
   *
   * @param name see {@link ModelPool#lease}
   */
  public <T> T on(String name, Function<ServedModel, T> work) {
    admission.enter();
    try (ModelPool.Lease lease = pool.lease(name)) {
      return work.apply(lease.model());
    } finally {
      admission.leave();
    }
  }

  /** Loads the model's weights and runs a job on it. */
  public List<Job.Answer> run(Job job, Job.Sink sink) {
    load(job.model(), job.prompt().length, job.settings());
    metrics.prompt(job.model().name(), job.prompt().length);
    List<Job.Answer> answers = job.run(sink);
    answers.forEach(answer -> metrics.answer(job.model().name(), answer));
    return answers;
  }

  /** Loads the model's weights for a text of so many tokens, see {@link ModelPool#load}. */
  public void load(ServedModel model, int promptTokens, GenerationSettings settings) {
    pool.load(model, promptTokens, settings);
  }

  /** Closes the models. Idempotent. */
  @Override
  public void close() {
    pool.close();
  }
}
