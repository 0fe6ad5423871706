/**
 * The signals of one generated token: one file per signal, with formula, unit and direction.
 *
 * <p>The methods here are plain Java in double precision. They are the oracle of the versions that
 * run inside the MLX graph, and share their constants with them. Everything is stateless and may be
 * called from any thread.
 */
package dev.hbar.monitor.signal;
