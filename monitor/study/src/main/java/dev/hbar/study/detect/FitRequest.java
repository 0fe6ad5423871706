package dev.hbar.study.detect;

import dev.hbar.study.states.Position;
import java.util.OptionalInt;

/**
 * How a detector is fitted.
 *
 * @param kind the way
 * @param position where its states are taken
 * @param layer the block; empty: chosen inside each fold
 * @param matched whether only pairs that look alike from outside take part
 * @param folds outer folds
 * @param seed of folds and controls
 * @param permutations repetitions of the permuted-label control
 */
public record FitRequest(
    Kind kind,
    Position position,
    OptionalInt layer,
    boolean matched,
    int folds,
    long seed,
    int permutations) {}
