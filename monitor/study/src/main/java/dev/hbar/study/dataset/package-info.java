/**
 * Labelled samples: readers that turn dataset files into prompts, and the protocols that draw from
 * them.
 */
package dev.hbar.study.dataset;
