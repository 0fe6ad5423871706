package dev.hbar.serve.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Requests that come and go at the same moment. */
public final class AdmissionRaces {
  private static final int BUSY = 0;
  private static final int ALONE = 1;
  private static final int TOGETHER = 2;

  private AdmissionRaces() {}

  private static int come(Admission admission, AtomicInteger inside) {
    try {
      admission.enter();
    } catch (ApiException busy) {
      return BUSY;
    }
    int found = inside.incrementAndGet() > 1 ? TOGETHER : ALONE;
    inside.decrementAndGet();
    admission.leave();
    return found;
  }

  /** One place, no queue: somebody gets in, never two at once, and nothing is left behind. */
  @JCStressTest
  @Outcome(id = {"1, 1, 0, 0", "1, 0, 0, 0", "0, 1, 0, 0"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN)
  @State
  public static class NoQueue {
    private final Admission admission = new Admission(1, 0);
    private final AtomicInteger inside = new AtomicInteger();

    @Actor
    public void one(IIII_Result r) {
      r.r1 = come(admission, inside);
    }

    @Actor
    public void two(IIII_Result r) {
      r.r2 = come(admission, inside);
    }

    @Arbiter
    public void after(IIII_Result r) {
      r.r3 = admission.running();
      r.r4 = admission.waiting();
    }
  }

  /** One place and one to wait: two that come together both get in, one after the other. */
  @JCStressTest
  @Outcome(id = "1, 1, 0, 0", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN)
  @State
  public static class OneWaits {
    private final Admission admission = new Admission(1, 1);
    private final AtomicInteger inside = new AtomicInteger();

    @Actor
    public void one(IIII_Result r) {
      r.r1 = come(admission, inside);
    }

    @Actor
    public void two(IIII_Result r) {
      r.r2 = come(admission, inside);
    }

    @Arbiter
    public void after(IIII_Result r) {
      r.r3 = admission.running();
      r.r4 = admission.waiting();
    }
  }
}
