/**
 * Models that are served, the requests that wait for them, and answers as they grow; no protocol.
 */
package dev.hbar.serve.engine;
