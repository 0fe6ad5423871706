package dev.hbar.serve.engine;

import dev.hbar.model.decode.TokenConstraint;
import dev.hbar.model.grammar.Grammar;
import dev.hbar.model.grammar.GrammarConstraint;
import dev.hbar.model.grammar.Vocabulary;
import dev.hbar.monitor.generation.GenerationModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The grammars that a model was lately bound to, with all that was found out about them: clients
 * ask for the same shape again and again. Any thread.
 */
public final class Grammars {
  private static final int MOST = 16;

  private final GenerationModel model;
  private final Map<String, TokenConstraint> known = new LinkedHashMap<>(MOST, 0.75f, true);
  private Optional<Vocabulary> vocabulary = Optional.empty();

  Grammars(GenerationModel model) {
    this.model = model;
  }

  /**
   * The constraint of a grammar.
   *
   * @param key the same for the same grammar
   * @throws IllegalArgumentException if the grammar cannot be made
   */
  public synchronized TokenConstraint constraint(String key, Supplier<Grammar> grammar) {
    TokenConstraint constraint = known.get(key);
    if (constraint == null) {
      if (vocabulary.isEmpty()) {
        vocabulary = Optional.of(Vocabulary.of(model.tokenizer()));
      }
      constraint =
          new GrammarConstraint(
              grammar.get(),
              vocabulary.get(),
              model.tokenizer(),
              Set.copyOf(model.config().eosTokenIds()));
      known.put(key, constraint);
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
    return constraint;
  }
}
