package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultFileTest {
  /** Parts out of their alphabetical order, and what is derived against it. */
  public record Unordered(int second, int first) {
    public boolean isUnequal() {
      return first != second;
    }

    public boolean isSmall() {
      return first < 10;
    }

    public boolean isEven() {
      return first % 2 == 0;
    }

    public boolean isOdd() {
      return !isEven();
    }
  }

  @Test
  void fields_standInOneOrderInEveryJvm() {
    String json = ResultFile.json(new Unordered(1, 2)).replaceAll("\\s", "");
    assertEquals(
        "{\"second\":1,\"first\":2,\"even\":true,\"odd\":false,\"small\":true,\"unequal\":true}",
        json);
  }

  /** With a list of parts. */
  public record Parts(String name, List<Unordered> parts) {}

  @Test
  void valueThatDoesNotFit_isNamedByItsPlaceAndNotInTheLibrarysWords() throws IOException {
    Path file = Path.of("r.json");
    ObjectMapper mapper = new ObjectMapper();
    StudyException wrong =
        assertThrows(
            StudyException.class,
            () ->
                ResultFile.bind(
                    file,
                    mapper.readTree(
                        "{\"name\":\"n\",\"parts\":[{\"second\":1},{\"second\":\"x\"}]}"),
                    Parts.class));
    assertEquals(
        "r.json: field \"parts[1].second\" does not fit; was the file written by another version of"
            + " hbar?",
        wrong.getMessage());
  }

  @Test
  void firstDifference_isNamedByItsPathAndBothValues() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode mine = mapper.readTree("{\"a\":1,\"b\":{\"c\":[2],\"d\":3},\"e\":4}");
    assertEquals(Optional.empty(), ResultFile.firstDifference(mine, mine.deepCopy()));
    for (String[] one :
        new String[][] {
          {"{\"a\":1,\"b\":{\"c\":[2],\"d\":5},\"e\":6}", "b.d is 5 there and 3 here"},
          {"{\"a\":1,\"b\":{\"c\":[2,1],\"d\":3},\"e\":6}", "b.c is [2,1] there and [2] here"},
          {"{\"a\":1,\"b\":{\"c\":[2],\"d\":3}}", "e is  there and 4 here"},
          {"{\"a\":1,\"b\":{\"c\":[2],\"d\":3},\"e\":4,\"f\":7}", "f is 7 there and  here"},
        }) {
      assertEquals(Optional.of(one[1]), ResultFile.firstDifference(mine, mapper.readTree(one[0])));
    }
  }

  @Test
  void gradeBetweenTheLabels_standsInARowOfScores() {
    SampleScore.Scored row = new SampleScore.Scored("a", 0.25, Map.of("hbar", 2.0));
    String json = ResultFile.json(row).replaceAll("\\s", "");
    assertEquals("{\"sample_id\":\"a\",\"label\":0,\"grade\":0.25,\"hbar_s\":2.0}", json);
    SampleScore.Scored right = new SampleScore.Scored("a", 0, Map.of("hbar", 2.0));
    assertFalse(ResultFile.json(right).contains("grade"));
  }
}
