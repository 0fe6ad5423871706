package dev.hbar.study.report;

import dev.hbar.study.statistics.GradeAgreement;
import java.util.ArrayList;
import java.util.List;

/** How scores go with graded labels, as a table for people. */
final class GradeText {
  private GradeText() {}

  /** One line per score; nothing where labels are right and hallucinated only. */
  static String of(List<GradeAgreement> graded) {
    if (graded.isEmpty()) {
      return "";
    }
    List<String> head =
        new ArrayList<>(
            List.of("graded labels", "concordance [95 %]", "p", "Spearman", "Kendall tau-b"));
    graded
        .getFirst()
        .cuts()
        .forEach(cut -> head.add("AUROC from " + cut.from() + " (" + cut.hallucinated() + ")"));
    TextTable table = new TextTable();
    table.add(head.toArray(String[]::new));
    for (GradeAgreement one : graded) {
      List<String> row = new ArrayList<>();
      row.add(one.name());
      row.add(
          "%s [%s, %s]"
              .formatted(number(one.concordance()), number(one.low()), number(one.high())));
      row.add(NumberText.p(one.p()));
      row.add(NumberText.number("%+.3f", one.spearman()));
      row.add(NumberText.number("%+.3f", one.kendall()));
      one.cuts().forEach(cut -> row.add(number(cut.auroc())));
      table.add(row.toArray(String[]::new));
    }
    return "\n" + table.render() + "\n";
  }

  private static String number(double value) {
    return NumberText.number("%.3f", value);
  }
}
