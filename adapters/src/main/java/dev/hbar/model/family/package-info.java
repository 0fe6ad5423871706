/**
 * What differs between model families, as recipes, and the model that is built from one: {@link
 * dev.hbar.model.family.ModelLoader} loads it, {@link dev.hbar.model.family.CausalLm} runs it.
 */
package dev.hbar.model.family;
