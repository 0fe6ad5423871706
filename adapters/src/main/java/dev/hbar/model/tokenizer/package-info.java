/**
 * Text to token ids and back, and the checkpoint's own chat template. Nothing here touches the
 * network, and nothing here knows MLX.
 */
package dev.hbar.model.tokenizer;
