package dev.hbar.study.states;

import java.util.Map;

/**
 * The states of one given answer.
 *
 * @param values position to the states at every point, [points][rows * hidden]; one row but for
 *     {@link Position#ANSWER}, which has one per token
 */
record GivenStates(Map<Position, float[][]> values) {
  GivenStates {
    values = Map.copyOf(values);
  }
}
