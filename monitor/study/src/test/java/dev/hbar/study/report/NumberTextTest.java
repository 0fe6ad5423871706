package dev.hbar.study.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumberTextTest {
  @Test
  void pBelowTheSmallestShown_isNeverZero() {
    assertEquals("< 0.0001", NumberText.p(0));
    assertEquals("< 0.0001", NumberText.p(0.0000999));
    assertEquals("0.0001", NumberText.p(0.0001));
    assertEquals("0.0500", NumberText.p(0.05));
    assertEquals("1.0000", NumberText.p(1));
  }
}
