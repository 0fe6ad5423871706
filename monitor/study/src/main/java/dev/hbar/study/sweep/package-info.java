/**
 * The whole study over several checkpoints, one after the other in one process: score, calibrate,
 * validate. {@link dev.hbar.study.sweep.Sweep} runs a {@link dev.hbar.study.sweep.SweepPlan}; every
 * step resumes from its files, and no statistic is computed here.
 */
package dev.hbar.study.sweep;
