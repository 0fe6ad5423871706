package dev.hbar.study.parity;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a comparison found.
 *
 * @param subject our side
 * @param reference the other side
 * @param bound on the relative error of every point
 * @param sections one per way of running: prompt, steps, isolated
 * @param tokens empty when the reference has no steps
 * @param verdicts for each section with a point over the bound, where it starts
 * @param notes one line each: what the reader must know to trust the numbers
 */
public record Comparison(
    Side subject,
    Side reference,
    double bound,
    int promptTokens,
    List<Section> sections,
    Optional<TokenAgreement> tokens,
    List<Verdict> verdicts,
    List<String> notes) {

  /**
   * One side of a comparison.
   *
   * @param name of the checkpoint or file
   * @param engine what computed it
   * @param dtype it was computed in, or "unknown"
   * @param rope whose rope definition was used, or "unknown"
   */
  public record Side(String name, String engine, String dtype, String rope) {}

  /** Copies the lists. */
  public Comparison {
    sections = List.copyOf(sections);
    verdicts = List.copyOf(verdicts);
    notes = List.copyOf(notes);
  }

  /** Whether every point is within the bound. */
  public boolean holds() {
    return verdicts.isEmpty();
  }

  /** The section of that name. */
  public Optional<Section> section(String name) {
    return sections.stream().filter(section -> section.name().equals(name)).findFirst();
  }

  /** The largest relative error anywhere; empty when nothing was compared. */
  public OptionalDouble worst() {
    return sections.stream()
        .flatMap(section -> section.points().stream())
        .mapToDouble(point -> point.error().relative())
        .max();
  }
}
