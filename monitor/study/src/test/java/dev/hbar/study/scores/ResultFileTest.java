package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
