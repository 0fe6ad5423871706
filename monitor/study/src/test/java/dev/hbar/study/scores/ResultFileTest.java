package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
}
