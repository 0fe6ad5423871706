package dev.hbar.study.parity;

import dev.hbar.model.capture.CapturePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a section goes wrong.
 *
 * @param section its name
 * @param point the first point over the bound
 * @param suspect the part of the model that lies before it and after the last right point
 */
public record Verdict(String section, String point, String suspect) {
  /**
   * The verdicts of a section: the first point over the bound. In isolation errors do not travel,
   * so there it is the first point of every block that has one.
   */
  static List<Verdict> of(Section section, double bound, boolean isolated) {
    Suspects suspects = new Suspects(section, bound);
    List<Verdict> verdicts = new ArrayList<>();
    String lastPlace = "";
    for (PointError error : section.over(bound)) {
      CapturePoint point = error.pair().ours();
      if (verdicts.isEmpty() || isolated && !place(point).equals(lastPlace)) {
        verdicts.add(new Verdict(section.name(), error.pair().label(), suspects.at(point)));
        lastPlace = place(point);
      }
    }
    return verdicts;
  }

  private static String place(CapturePoint point) {
    return switch (point) {
      case CapturePoint.InBlock in -> "block " + in.index();
      case CapturePoint.BlockOutput output -> "block " + output.index();
      default -> point.label();
    };
  }
}
