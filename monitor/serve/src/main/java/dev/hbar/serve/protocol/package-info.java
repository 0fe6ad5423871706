/**
 * The protocols of today's clients, JSON in and out: OpenAI's chat, completions, responses and
 * embeddings, Anthropic's messages, and hbar's own score and tokenize. No HTTP.
 */
package dev.hbar.serve.protocol;
