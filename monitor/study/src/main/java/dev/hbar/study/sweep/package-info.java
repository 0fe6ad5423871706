/**
 * The whole study over several checkpoints, one after the other in one process: score, calibrate,
 * validate. Every step resumes from its files; nothing here computes a figure of its own.
 */
package dev.hbar.study.sweep;
