/**
 * Text that is made to fit: a JSON Schema becomes rules over bytes, the rules an automaton that is
 * made as far as it is needed, and the automaton says which tokens may come next.
 */
package dev.hbar.model.grammar;
