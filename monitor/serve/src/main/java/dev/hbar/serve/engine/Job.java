package dev.hbar.serve.engine;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request for text, whichever protocol it came by.
 *
 * @param model leased for as long as the job runs
 * @param prompt token ids, special tokens included
 * @param settings of every answer; the second answer's seed is one more, and so on
 * @param policy what is done about risk
 * @param answers how many
 */
public record Job(
    ServedModel model, int[] prompt, GenerationSettings settings, RiskPolicy policy, int answers) {

  /** Takes answers as they grow, on the thread that runs the job. */
  public interface Sink {
    /** A token of an answer; not called for answers that may yet be taken back. */
    void token(int answer, GeneratedToken token);

    /** An answer is whole. */
    void ended(int answer, Answer end);

    /** Asked between pieces of a long prompt; false ends the job. */
    default boolean isWaiting() {
      return true;
    }
  }

  /**
   * A whole answer.
   *
   * @param result what was generated, also where it was taken back
   * @param text what is said: the generated text, or the abstention
   * @param tokens that belong to the text; none of an abstention
   * @param reusedTokens of the prompt, computed for an earlier request
   */
  public record Answer(
      GenerationResult result, String text, List<GeneratedToken> tokens, int reusedTokens) {
    /** Copies the list. */
    public Answer {
      tokens = List.copyOf(tokens);
    }

    /** Whether risk ended it. */
    public boolean isHalted() {
      return result.stop() == StopReason.HALTED;
    }
  }

  /**
   * Generates every answer; they grow together and are handed over one after the other.
   *
   * @throws ApiException if the policy needs a risk that nobody calibrated
   * @throws dev.hbar.mlx.HbarException what the model cannot do
   */
  public List<Answer> run(Sink sink) {
    GenerationSettings watched = settings.toBuilder().halt(policy.on(model)).build();
    List<Generation> growing = new ArrayList<>();
    List<Answer> all = new ArrayList<>();
    try {
      for (int i = 0; i < answers; i++) {
        growing.add(model.batch().start(prompt, seeded(watched, i)));
      }
      for (int i = 0; i < answers; i++) {
        all.add(take(i, growing.get(i), sink));
        sink.ended(i, all.getLast());
      }
    } finally {
      growing.forEach(Generation::close);
    }
    return all;
  }

  private Answer take(int index, Generation growing, Sink sink) {
    boolean holdsBack = policy.action() == RiskPolicy.Action.ABSTAIN;
    Optional<GeneratedToken> token = growing.next(sink::isWaiting);
    while (token.isPresent()) {
      if (!holdsBack) {
        sink.token(index, token.get());
      }
      token = growing.next(sink::isWaiting);
    }
    GenerationResult result = growing.result();
    if (holdsBack && result.stop() == StopReason.HALTED) {
      return new Answer(result, policy.text(), List.of(), growing.reusedTokens());
    }
    if (holdsBack) {
      result.tokens().forEach(held -> sink.token(index, held));
    }
    return new Answer(result, result.text(), result.tokens(), growing.reusedTokens());
  }

  private static GenerationSettings seeded(GenerationSettings settings, int answer) {
    return answer == 0
        ? settings
        : settings.toBuilder()
            .sampling(settings.sampling().withSeed(settings.sampling().seed() + answer))
            .build();
  }
}
