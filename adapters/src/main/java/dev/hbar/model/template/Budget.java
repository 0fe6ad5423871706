package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;
import java.util.concurrent.TimeUnit;

/**
 * What one rendering may still use. Everything that grows with its input asks here first. Belongs
 * to the rendering thread.
 */
final class Budget {

  static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

  /** Nesting of statements, expressions, calls and data. */
  static final int MAX_DEPTH = 600;

  static final long MAX_STEPS = 20_000_000;

  /** Characters, and list items at {@link #ITEM} each, over the whole rendering. */
  static final long MAX_UNITS = 96L << 20;

  static final int ITEM = 8;

  private static final int STEPS_PER_LOOK = 64;

  private final long deadline;
  private long steps;
  private long units;
  private int depth;

  Budget(long milliseconds) {
    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
  }

  /** One node of the program, or one item of data, is worked on. */
  static void step() {
    CURRENT.get().count();
  }

  /** Memory is about to be taken. */
  static void charge(long amount) {
    Budget budget = CURRENT.get();
    budget.units += amount;
    if (amount < 0 || budget.units > MAX_UNITS) {
      throw new Fault(Reason.LIMIT, "the template builds too much text or too many items");
    }
    if (amount > STEPS_PER_LOOK) {
      budget.look();
    }
  }

  /** Memory for a list is about to be taken. */
  static void chargeItems(long items) {
    charge(items > MAX_UNITS ? MAX_UNITS + 1 : items * ITEM);
  }

  /** One level deeper. */
  static void enter() {
    Budget budget = CURRENT.get();
    budget.count();
    if (++budget.depth > MAX_DEPTH) {
      throw new Fault(Reason.LIMIT, "the template nests too deeply");
    }
  }

  /** One level up. */
  static void leave() {
    CURRENT.get().depth--;
  }

  private void count() {
    if (++steps % STEPS_PER_LOOK == 0) {
      look();
      if (steps > MAX_STEPS) {
        throw new Fault(Reason.LIMIT, "the template takes too many steps");
      }
    }
  }

  private void look() {
    if (System.nanoTime() - deadline > 0) {
      throw new Fault(Reason.LIMIT, "the template takes too long");
    }
  }
}
