/**
 * Compares a model with another implementation: where, by how much and from which point on the
 * states differ. {@link dev.hbar.study.parity.Trace} and {@link dev.hbar.study.parity.Trace.Writer}
 * make a reference, {@link dev.hbar.study.parity.Comparer} reads one.
 */
package dev.hbar.study.parity;
