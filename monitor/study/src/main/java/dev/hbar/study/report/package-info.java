/**
 * Results as text, JSON and pictures: one class for each kind of result, named after it. Numbers
 * are formatted by {@link dev.hbar.study.report.NumberText}, tables by {@link
 * dev.hbar.study.report.TextTable}.
 */
package dev.hbar.study.report;
