/**
 * Scores of samples and the files that hold them, both ways: {@link
 * dev.hbar.study.scores.SampleScore} is one sample, {@link dev.hbar.study.scores.RunJournal} writes
 * a score file, {@link dev.hbar.study.scores.ScoreInput} reads one, or a published one, and {@link
 * dev.hbar.study.scores.ScoreColumns} are its samples as arrays.
 */
package dev.hbar.study.scores;
