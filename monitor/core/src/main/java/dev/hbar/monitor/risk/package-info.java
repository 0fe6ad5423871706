/**
 * What a monitored generation does about a risky token. Plain arithmetic on signals: stateless, any
 * thread.
 */
package dev.hbar.monitor.risk;
