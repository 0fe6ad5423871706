/**
 * The Jinja2 language of chat templates: lexer, parser, interpreter. A template sees plain data
 * only and is bounded in time, depth and memory; there is no reflection, so nothing of the JVM can
 * be reached.
 */
package dev.hbar.model.template;
