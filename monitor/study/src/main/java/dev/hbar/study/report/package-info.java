/** Results as text and JSON. */
package dev.hbar.study.report;
