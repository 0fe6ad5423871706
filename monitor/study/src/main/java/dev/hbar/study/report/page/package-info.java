/**
 * The report on a whole study, from saved scores and without a model. {@link
 * dev.hbar.study.report.page.StudyReport} puts the sections together; each {@code *Section} makes
 * text, pictures and tables of a {@code Study}.
 */
package dev.hbar.study.report.page;
