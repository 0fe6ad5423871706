/**
 * The parts of a decoder block, each built once: norms, token mixers, channel mixers, projections,
 * and the state that a mixer keeps between steps. A layer owns no array beyond the model's scope.
 */
package dev.hbar.model.layer;
