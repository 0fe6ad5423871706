/**
 * Scoring: samples in, one line of a score file per sample out, safe against kill -9 at any moment.
 * {@link dev.hbar.study.scoring.SampleRunner} drives samples through a {@link
 * dev.hbar.study.scoring.ScoringBackend.Session} that a {@link
 * dev.hbar.study.scoring.ScoringBackend} opened.
 */
package dev.hbar.study.scoring;
