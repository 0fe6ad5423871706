/**
 * The only code that names memory segments and the generated bindings; not exported. Of {@code
 * dev.hbar.mlx} it uses value types and errors only, none of which uses this package.
 */
package dev.hbar.mlx.internal;
