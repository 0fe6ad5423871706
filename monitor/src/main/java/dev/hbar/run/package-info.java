/**
 * Runs of a model. Scoring: samples in, one line of a score file per sample out, safe against kill
 * -9 at any moment; a {@link dev.hbar.run.SampleScorer} does the work. Generation: {@link
 * dev.hbar.run.GenerationModel} and {@link dev.hbar.run.MonitoredGeneration} give text token by
 * token with its risk.
 */
package dev.hbar.run;
