package dev.hbar.model.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The automaton of a rule. A state is the set of all that may still follow, each a chain of rules;
 * states and what a byte makes of them are made when they are first met, and kept as long as there
 * are not too many. One thread at a time.
 */
final class Automaton {
  /** A rule and what follows it; made once for each pair, so that chains are equal by identity. */
  private record Chain(Rule head, Chain next) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Chain chain && chain.head == head && chain.next == next;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(head) * 31 + System.identityHashCode(next);
    }
  }

  /** Where a text stands. */
  final class State {
    private final Set<Chain> chains;
    private final boolean accepting;
    private final State[] next = new State[256];
    private Optional<BitSet> tokens = Optional.empty();

    private State(Set<Chain> chains) {
      this.chains = chains;
      this.accepting = chains.contains(END);
    }

    /** Whether the text may end here. */
    boolean isAccepting() {
      return accepting;
    }

    /** Whether no text goes through here. */
    boolean isDead() {
      return chains.isEmpty();
    }

    /** The state after one more byte. */
    State after(int value) {
      State known = next[value];
      if (known == null) {
        known = step(chains, value);
        next[value] = known;
      }
      return known;
    }

    /** The state after a text in UTF-8. */
    State after(String text) {
      State state = this;
      for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
        state = state.after(value & 0xFF);
      }
      return state;
    }

    private void forget() {
      Arrays.fill(next, null);
      tokens = Optional.empty();
    }

    /** The tokens that may follow, found once. */
    BitSet tokens(Vocabulary vocabulary) {
      if (tokens.isEmpty()) {
        tokens = Optional.of(vocabulary.allowed(this));
      }
      return tokens.get();
    }
  }

  private static final Chain END = new Chain(Rule.EMPTY, null);

  // Counted items make other chains and states for each count: 8 kB of heap for each byte of text.
  private static final int MOST_CHAINS = 200_000;
  private static final int MOST_STATES = 5_000;

  private final Map<Chain, Chain> chains = new HashMap<>();
  private final Map<Chain, List<Chain>> closures = new HashMap<>();
  private final Map<Set<Chain>, State> states = new HashMap<>();
  private final State start;

  Automaton(Rule rule) {
    this.start = state(closure(chain(rule, END)));
  }

  /** Before the first byte. */
  State start() {
    return start;
  }

  private Chain chain(Rule head, Chain next) {
    Chain wanted = new Chain(head, next);
    Chain known = chains.putIfAbsent(wanted, wanted);
    return known == null ? wanted : known;
  }

  private State step(Set<Chain> from, int value) {
    if (chains.size() > MOST_CHAINS || states.size() > MOST_STATES) {
      forget();
    }
    Set<Chain> reached = new LinkedHashSet<>();
    for (Chain chain : from) {
      if (chain.head() instanceof Rule.Byte set && set.has(value)) {
        reached.addAll(closures.computeIfAbsent(chain.next(), this::expanded));
      }
    }
    return state(reached);
  }

  /**
   * Bounds the memory; whoever stands at a state goes on from it, and what follows is made anew.
   */
  private void forget() {
    states.values().forEach(State::forget);
    states.clear();
    closures.clear();
    chains.clear();
  }

  private Set<Chain> closure(Chain chain) {
    return new LinkedHashSet<>(expanded(chain));
  }

  private State state(Set<Chain> reached) {
    return states.computeIfAbsent(reached, State::new);
  }

  /** The chains that begin with a byte, or end, which this one may go on as. */
  private List<Chain> expanded(Chain from) {
    Set<Chain> seen = new HashSet<>();
    List<Chain> ready = new ArrayList<>();
    Deque<Chain> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      Chain chain = open.pop();
      if (!seen.add(chain)) {
        continue;
      }
      if (chain == END || chain.head() instanceof Rule.Byte) {
        ready.add(chain);
      } else {
        open.addAll(opened(chain));
      }
    }
    return ready;
  }

  private List<Chain> opened(Chain chain) {
    return switch (chain.head()) {
      case Rule.Byte set -> List.of(chain);
      case Rule.Named named -> List.of(chain(named.target(), chain.next()));
      case Rule.Choice choice ->
          choice.options.stream().map(option -> chain(option, chain.next())).toList();
      case Rule.Sequence sequence -> {
        Chain rest = chain.next();
        for (Rule part : sequence.parts.reversed()) {
          rest = chain(part, rest);
        }
        yield List.of(rest);
      }
      case Rule.Repeat repeat -> {
        List<Chain> options = new ArrayList<>();
        if (repeat.least == 0) {
          options.add(chain.next());
        }
        if (repeat.most != 0) {
          options.add(chain(repeat.rule, chain(repeat.rest(), chain.next())));
        }
        yield options;
      }
    };
  }
}
