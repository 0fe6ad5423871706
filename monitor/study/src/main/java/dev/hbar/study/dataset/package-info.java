/** Labelled samples: readers that turn dataset files into prompts, one record at a time. */
package dev.hbar.study.dataset;
