package dev.hbar.model.grammar;

import dev.hbar.model.decode.TokenConstraint;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.BitSet;
import java.util.Set;

/**
 * Text that fits a grammar. What was found out about it is kept and shared by all texts under it,
 * so the same one is cheaper the second time. Any thread.
 */
public final class GrammarConstraint implements TokenConstraint {
  private final Automaton automaton;
  private final Vocabulary vocabulary;
  private final Tokenizer tokenizer;
  private final BitSet ends;

  /**
   * Text under a grammar.
   *
   * @param ends tokens that end a text, allowed where it may end
   */
  public GrammarConstraint(
      Grammar grammar, Vocabulary vocabulary, Tokenizer tokenizer, Set<Integer> ends) {
    this.automaton = new Automaton(grammar.rule());
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
    this.ends = new BitSet();
    ends.forEach(this.ends::set);
  }

  @Override
  public Cursor begin() {
    return new Walk();
  }

  /** One text on its way through the automaton. */
  private final class Walk implements Cursor {
    private Automaton.State state = automaton.start();

    @Override
    public BitSet allowed() {
      synchronized (automaton) {
        BitSet text = state.tokens(vocabulary);
        if (!state.isAccepting() && !text.isEmpty()) {
          return text;
        }
        BitSet all = (BitSet) text.clone();
        all.or(ends);
        return all;
      }
    }

    @Override
    public void accept(int token) {
      if (ends.get(token)) {
        return;
      }
      synchronized (automaton) {
        for (byte value : tokenizer.bytes(token)) {
          state = state.after(value & 0xFF);
        }
      }
    }
  }
}
