package dev.hbar.model.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.decode.TokenConstraint;
import dev.hbar.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens that may follow are those that, tried one by one, leave a text that fits. */
class GrammarConstraintTest {
  private static final Set<Integer> ENDS = Set.of(0, 2);

  private Tokenizer tokenizer;

  @BeforeEach
  void open() throws Exception {
    tokenizer = Tokenizer.open(Path.of(getClass().getResource("/tokenizer/byte_level").toURI()));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private static Grammar grammar(String schema) throws Exception {
    return Grammar.ofSchema(new ObjectMapper().readTree(schema.replace('\'', '"')));
  }

  private static Automaton.State after(Automaton.State from, byte[] bytes) {
    Automaton.State state = from;
    for (byte value : bytes) {
      state = state.after(value & 0xFF);
    }
    return state;
  }

  private boolean isText(int id) {
    return !tokenizer.isSpecial(id)
        && tokenizer.piece(id).isPresent()
        && tokenizer.bytes(id).length > 0;
  }

  /** By the meaning of the words, without the order of the vocabulary. */
  private BitSet oneByOne(Automaton.State state) {
    BitSet allowed = new BitSet();
    IntStream.range(0, tokenizer.vocabularySize())
        .filter(this::isText)
        .filter(id -> !after(state, tokenizer.bytes(id)).isDead())
        .forEach(allowed::set);
    return allowed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'object'}",
        "{'type': 'string'}",
        "{'enum': ['the', 'there', 'these', 'The end', 12, 123]}",
        "{'type': 'array', 'items': {'type': 'integer', 'minimum': 10, 'maximum': 300}}",
      })
  void allowedTokens_areThoseThatFitOneByOne(String schema) throws Exception {
    Grammar grammar = grammar(schema);
    GrammarConstraint constraint =
        new GrammarConstraint(grammar, Vocabulary.of(tokenizer), tokenizer, ENDS);
    Random random = new Random(7);
    int steps = 0;
    for (int text = 0; text < 20; text++) {
      TokenConstraint.Cursor cursor = constraint.begin();
      Automaton.State state = new Automaton(grammar.rule()).start();
      for (int step = 0; step < 12; step++) {
        BitSet expected = oneByOne(state);
        boolean mayEnd = state.isAccepting() || expected.isEmpty();
        BitSet fitting = (BitSet) expected.clone();
        if (mayEnd) {
          ENDS.forEach(expected::set);
        }
        assertEquals(expected, cursor.allowed(), "after " + step + " tokens");
        if (fitting.isEmpty()) {
          break;
        }
        int[] choices = fitting.stream().toArray();
        int token = choices[random.nextInt(choices.length)];
        cursor.accept(token);
        state = after(state, tokenizer.bytes(token));
        steps++;
      }
    }
    assertTrue(steps > 30, steps + " tokens");
  }

  @Test
  void endToken_changesNothing() throws Exception {
    GrammarConstraint constraint =
        new GrammarConstraint(grammar("{'const': 12}"), Vocabulary.of(tokenizer), tokenizer, ENDS);
    TokenConstraint.Cursor cursor = constraint.begin();
    BitSet first = cursor.allowed();
    assertTrue(!first.get(0) && !first.get(2), first.toString());
    cursor.accept(2);
    assertEquals(first, cursor.allowed());
    for (int id : tokenizer.encode("12", false)) {
      cursor.accept(id);
    }
    assertEquals(List.of(0, 2), cursor.allowed().stream().boxed().toList());
    assertEquals(first, constraint.begin().allowed(), "another text begins anew");
  }
}
