/** What every part of a study shares: how it fails. */
package dev.hbar.study;
