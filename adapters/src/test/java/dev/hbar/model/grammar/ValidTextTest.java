package dev.hbar.model.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a grammar lets through, another implementation of JSON Schema calls valid. */
class ValidTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONG = 60;
  private static final int ENDLESS = 3000;

  private final Random random = new Random(11);

  @Test
  void randomTextsOfRandomSchemas_areValid() throws Exception {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    RandomSchemas schemas = new RandomSchemas(random);
    int texts = 0;
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      JsonNode schema = schemas.next(3);
      Automaton automaton;
      try {
        automaton = new Automaton(Grammar.ofSchema(schema).rule());
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("schema "), e.getMessage());
        refused++;
        continue;
      }
      JsonSchema oracle = factory.getSchema(schema);
      for (int walk = 0; walk < 4; walk++) {
        Optional<String> text = walk(automaton);
        if (text.isPresent()) {
          assertEquals(Set.of(), oracle.validate(JSON.readTree(text.get())), schema + " " + text);
          texts++;
        }
      }
    }
    assertTrue(texts > 3400 && refused < 200, texts + " texts, " + refused + " refused");
  }

  /** A text that may end where it ends; empty if none was found. */
  private Optional<String> walk(Automaton automaton) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Automaton.State state = automaton.start();
    while (text.size() < ENDLESS) {
      Automaton.State from = state;
      List<Integer> all =
          IntStream.range(0, 256).filter(b -> !from.after(b).isDead()).boxed().toList();
      boolean enough = text.size() > LONG || random.nextInt(4) == 0 || all.isEmpty();
      if (state.isAccepting() && enough) {
        return Optional.of(text.toString(StandardCharsets.UTF_8));
      }
      assertTrue(!all.isEmpty(), "a text that cannot be ended");
      List<Integer> wanted = preferred(all, b -> b != ' ' && b != '\n' && b != '\\');
      if (text.size() > LONG) {
        wanted = preferred(wanted, b -> "]}\",:0".indexOf(b) >= 0);
      }
      int next = wanted.get(random.nextInt(wanted.size()));
      text.write(next);
      state = state.after(next);
    }
    return Optional.empty();
  }

  /** Those that are liked, nine times of ten and if there are any. */
  private List<Integer> preferred(List<Integer> all, Predicate<Integer> liked) {
    List<Integer> few = all.stream().filter(liked).toList();
    return few.isEmpty() || random.nextInt(10) == 0 ? all : few;
  }
}
