/**
 * Runs of a model. Scoring: samples in, one line of a score file per sample out, safe against kill
 * -9 at any moment; a {@link dev.hbar.study.scoring.SampleRunner.Scorer} does the work. Generation: {@link
 * dev.hbar.monitor.generation.GenerationModel} and {@link dev.hbar.monitor.generation.Generation}
 * give text token by token with its risk.
 */
package dev.hbar.study.scoring;
