/** Charts of results, and picture files of them; drawn without a display. */
package dev.hbar.study.plot;
