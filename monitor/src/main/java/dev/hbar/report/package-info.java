/** Results as text and JSON. */
package dev.hbar.report;
