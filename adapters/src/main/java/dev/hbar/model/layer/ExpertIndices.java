package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;

/**
 * Which expert each row goes to.
 *
 * @param ids in [0, experts), uint32 or int32
 * @param sorted whether equal ones stand together in ascending order
 */
public record ExpertIndices(MlxArray ids, boolean sorted) {}
