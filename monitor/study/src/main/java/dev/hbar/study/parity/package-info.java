/** Two implementations side by side: where, by how much and from which point on they part. */
package dev.hbar.study.parity;
