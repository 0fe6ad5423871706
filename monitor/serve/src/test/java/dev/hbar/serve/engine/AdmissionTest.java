package dev.hbar.serve.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionTest {
  private static Thread entering(Admission admission, List<Integer> entered, int who)
      throws InterruptedException {
    int before = admission.waiting();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  admission.enter();
                  entered.add(who);
                  admission.leave();
                });
    while (admission.waiting() == before) {
      Thread.sleep(1);
    }
    return thread;
  }

  @Test
  void placesAndQueueAreFull_theNextIsRefusedAndTheOthersComeInOrder() throws Exception {
    Admission admission = new Admission(2, 3);
    admission.enter();
    admission.enter();
    assertEquals(2, admission.running());
    List<Integer> entered = new CopyOnWriteArrayList<>();
    List<Thread> waiting =
        List.of(
            entering(admission, entered, 1),
            entering(admission, entered, 2),
            entering(admission, entered, 3));
    ApiException refused = assertThrows(ApiException.class, admission::enter);
    assertEquals(ApiException.Kind.BUSY, refused.kind());
    assertEquals(3, admission.waiting());
    assertTrue(entered.isEmpty());
    admission.leave();
    for (Thread thread : waiting) {
      thread.join();
    }
    assertEquals(List.of(1, 2, 3), entered);
    assertEquals(1, admission.running());
    assertEquals(0, admission.waiting());
  }

  @Test
  void noQueue_refusesWhoeverFindsNoPlace() {
    Admission admission = new Admission(1, 0);
    admission.enter();
    assertThrows(ApiException.class, admission::enter);
    admission.leave();
    admission.enter();
    assertEquals(1, admission.running());
  }

  @Test
  void interruptedWait_isUnavailableAndLeavesNothing() throws Exception {
    Admission admission = new Admission(1, 1);
    admission.enter();
    List<ApiException.Kind> said = new CopyOnWriteArrayList<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> said.add(assertThrows(ApiException.class, admission::enter).kind()));
    while (admission.waiting() == 0) {
      Thread.sleep(1);
    }
    waiting.interrupt();
    waiting.join();
    assertEquals(List.of(ApiException.Kind.UNAVAILABLE), said);
    assertEquals(0, admission.waiting());
    assertEquals(1, admission.running());
  }

  /** One who comes while a place has just been given back stands behind those that wait for it. */
  @Test
  void placeThatIsGivenBack_isOfWhoWaitsForIt() throws Exception {
    for (int round = 0; round < 200; round++) {
      Admission admission = new Admission(1, 2);
      admission.enter();
      List<Integer> entered = new CopyOnWriteArrayList<>();
      Thread first = entering(admission, entered, 1);
      while (first.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      admission.leave();
      admission.enter();
      entered.add(2);
      admission.leave();
      first.join();
      assertEquals(List.of(1, 2), entered, "round " + round);
    }
  }
}
