/** Pictures of results as PNG files; drawn without a display. */
package dev.hbar.study.plot;
