package dev.hbar.monitor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.generation.GeneratedRow.GeneratedText.StopStrings;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void stopInTheMiddleOfAPiece_cutsTheTextBeforeIt() {
    StopStrings stops = new StopStrings(List.of("END", "\n\n"));
    assertEquals("one ", stops.add("one END two"));
    assertTrue(stops.isFound());
    assertEquals("", stops.finish());
  }

  @Test
  void beginningOfAStop_isHeldBackUntilItIsClear() {
    StopStrings stops = new StopStrings(List.of("</s>", "stop"));
    assertEquals("a", stops.add("a<"));
    assertEquals("", stops.add("/"));
    assertEquals("</b ", stops.add("b s"));
    assertEquals("", stops.add("to"));
    assertEquals("sto", stops.finish());
    assertFalse(stops.isFound());
  }

  @Test
  void stopOverThreePieces_isFound() {
    StopStrings stops = new StopStrings(List.of("</s>"));
    assertEquals("x", stops.add("x<"));
    assertEquals("", stops.add("/s"));
    assertEquals("", stops.add("> more"));
    assertTrue(stops.isFound());
  }

  @Test
  void firstOfTwoStops_cuts() {
    StopStrings stops = new StopStrings(List.of("later", "soon"));
    assertEquals("it is ", stops.add("it is soon, not later"));
  }

  @Test
  void noStops_passEverythingOn() {
    StopStrings stops = new StopStrings(List.of());
    assertEquals("all of it", stops.add("all of it"));
    assertEquals("", stops.finish());
  }
}
