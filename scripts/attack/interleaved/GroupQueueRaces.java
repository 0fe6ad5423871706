package dev.hbar.study.scoring;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A run and another rank that work on the same groups. */
public final class GroupQueueRaces {
  private static final int GROUPS = 3;

  private static final Crew CREW =
      new Crew() {
        @Override
        public int groupsAhead() {
          return 2;
        }

        @Override
        public void help(Shared<?> run) {
          // the tests take by themselves
        }
      };

  private GroupQueueRaces() {}

  private static GroupQueue<Integer> queue() {
    return new GroupQueue<>(
        IntStream.range(0, GROUPS).mapToObj(i -> new GroupQueue.Group(i, List.of(), 0)).iterator(),
        CREW);
  }

  /** How many groups came out of the run, whose end it tells. */
  private static int run(GroupQueue<Integer> queue) {
    int count = 0;
    while (queue.next(group -> 1, () -> false).isPresent()) {
      count++;
    }
    queue.close();
    return count;
  }

  /** What the other rank does; nobody interrupts it. */
  private static Optional<GroupQueue.Group> take(GroupQueue<Integer> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The other rank finishes what it takes: every group comes out once, and both end. */
  @JCStressTest
  @Outcome(id = "3, 1", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN)
  @State
  public static class Shared {
    private final GroupQueue<Integer> queue = queue();

    @Actor
    public void run(II_Result r) {
      r.r1 = GroupQueueRaces.run(queue);
    }

    @Actor
    public void other(II_Result r) {
      Optional<GroupQueue.Group> group = take(queue);
      while (group.isPresent()) {
        queue.finish(group.get(), 1);
        group = take(queue);
      }
      r.r2 = 1;
    }
  }

  /** The other rank takes one and loses it: the run does it itself. */
  @JCStressTest
  @Outcome(id = "3, 1", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN)
  @State
  public static class GivenBack {
    private final GroupQueue<Integer> queue = queue();

    @Actor
    public void run(II_Result r) {
      r.r1 = GroupQueueRaces.run(queue);
    }

    @Actor
    public void other(II_Result r) {
      take(queue).ifPresent(queue::giveBack);
      r.r2 = 1;
    }
  }
}
