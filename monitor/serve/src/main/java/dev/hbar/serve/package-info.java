/** The server: HTTP, keys, limits, health, its page. */
package dev.hbar.serve;
