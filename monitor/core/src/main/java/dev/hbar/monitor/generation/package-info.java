/**
 * Monitored generation for programs: {@link dev.hbar.monitor.generation.GenerationModel} opens a
 * checkpoint and generates text whose tokens carry signals and risk. Calls may come from any
 * thread.
 */
package dev.hbar.monitor.generation;
