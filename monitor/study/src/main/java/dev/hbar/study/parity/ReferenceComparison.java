package dev.hbar.study.parity;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What comparing a model with a reference found.
 *
 * @param subject our side
 * @param reference the other side
 * @param bound on the relative error of every point
 * @param profiles one per way of running the model: prompt, steps, isolated
 * @param tokens empty when the reference has no steps
 * @param divergences where each profile with a point over the bound starts to be wrong
 * @param notes one line each: what a reader must know to interpret the numbers
 */
public record ReferenceComparison(
    Side subject,
    Side reference,
    double bound,
    int promptTokens,
    List<ErrorProfile> profiles,
    Optional<TokenAgreement> tokens,
    List<Divergence> divergences,
    List<String> notes) {

  /**
   * One side of a comparison.
   *
   * @param name of the checkpoint or file
   * @param engine what computed it
   * @param dtype it was computed in, or "unknown"
   * @param rope implementation whose rope definition was used, or "unknown"
   */
  public record Side(String name, String engine, String dtype, String rope) {}

  /** Copies the lists. */
  public ReferenceComparison {
    profiles = List.copyOf(profiles);
    divergences = List.copyOf(divergences);
    notes = List.copyOf(notes);
  }

  /** Whether every point is within the bound. */
  public boolean holds() {
    return divergences.isEmpty();
  }

  /** The profile of that name. */
  public Optional<ErrorProfile> profile(String name) {
    return profiles.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }

  /** The largest relative error anywhere; empty when nothing was compared. */
  public OptionalDouble worst() {
    return profiles.stream()
        .flatMap(profile -> profile.points().stream())
        .mapToDouble(point -> point.error().relative())
        .max();
  }
}
