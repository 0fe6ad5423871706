/** Files as all modules treat them: hashed, replaced whole, read and written as JSON. */
package dev.hbar.model.io;
