/**
 * The signals of one generated token and of a sample: {@link dev.hbar.monitor.signal.Signal} says
 * what one is, {@link dev.hbar.monitor.signal.SignalProbe} measures them inside the graph of a
 * step. Constants and values may be used from any thread, the probe from its run's.
 */
package dev.hbar.monitor.signal;
