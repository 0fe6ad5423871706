package dev.hbar.study.report;

import dev.hbar.study.statistics.GradeAgreement;
import java.util.ArrayList;
import java.util.List;

/** How scores go with graded labels, as a table for people. */
public final class GradeText {
  private GradeText() {}

  /** One line per score; nothing where labels are right and hallucinated only. */
  static String of(List<GradeAgreement> graded) {
    if (graded.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable();
    List<String> head = columns(graded);
    head.set(0, "graded labels");
    table.add(head.toArray(String[]::new));
    graded.forEach(one -> table.add(row(one).toArray(String[]::new)));
    return "\n" + table.render() + "\n";
  }

  /**
   * The names of what {@link #row} has.
   *
   * @param graded at least one, all on the same answers
   */
  public static List<String> columns(List<GradeAgreement> graded) {
    List<String> columns =
        new ArrayList<>(List.of("score", "concordance [95 %]", "p", "Spearman", "Kendall tau-b"));
    for (GradeAgreement.Cut cut : graded.getFirst().cuts()) {
      columns.add("AUROC from " + cut.from() + " (" + cut.hallucinated() + ")");
    }
    return columns;
  }

  /** The figures of one score. */
  public static List<String> row(GradeAgreement one) {
    List<String> row = new ArrayList<>();
    row.add(one.name());
    row.add(
        "%s [%s, %s]".formatted(number(one.concordance()), number(one.low()), number(one.high())));
    row.add(NumberText.p(one.p()));
    row.add(NumberText.number("%+.3f", one.spearman()));
    row.add(NumberText.number("%+.3f", one.kendall()));
    one.cuts().forEach(cut -> row.add(number(cut.auroc())));
    return row;
  }

  private static String number(double value) {
    return NumberText.number("%.3f", value);
  }
}
