package dev.hbar.model.template;

/**
 * Whether what is printed is escaped. Jinja2 decides for what it can compute while it compiles by
 * what the template says there, for all else by what holds when it runs.
 *
 * @param now what holds when it runs
 * @param written what holds where the template says so by a constant
 * @param open the template says so by something else, so that nothing with filters is computed
 *     while it compiles
 */
record Escaping(boolean now, boolean written, boolean open) {
  static final Escaping OFF = new Escaping(false, false, false);

  /** In a block that turns it on or off by {@code on}. */
  Escaping within(Expr on, boolean value) {
    return Constants.isConstant(on, !open)
        ? new Escaping(value, value, open)
        : new Escaping(value, written, true);
  }

  /** For what is printed of an expression. */
  boolean of(Expr printed) {
    return open && Constants.isConstant(printed, false) ? written : now;
  }

  /** Whether joining makes markup of markup; what Jinja2 joins while it compiles becomes text. */
  boolean keepsMarkup(Expr.Concat joined) {
    return now && !open && !Constants.isConstant(joined, true);
  }
}
