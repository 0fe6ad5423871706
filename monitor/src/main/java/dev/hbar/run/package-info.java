/**
 * Scoring runs: samples in, one line of a score file per sample out, safe against kill -9 at any
 * moment. Nothing here knows MLX; a {@link dev.hbar.run.SampleScorer} does the work.
 */
package dev.hbar.run;
