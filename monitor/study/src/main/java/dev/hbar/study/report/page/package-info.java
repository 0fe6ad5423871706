/** The report on a whole study: tables, pictures and words from saved scores, without a model. */
package dev.hbar.study.report.page;
