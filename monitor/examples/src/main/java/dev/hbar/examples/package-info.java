/** Small programs that embed hbar. Each takes a checkpoint. */
package dev.hbar.examples;
