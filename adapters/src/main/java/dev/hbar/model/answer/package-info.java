/**
 * What a model's answer consists of: reasoning, text and calls of tools, told apart while it
 * streams, in the format that the checkpoint's chat template writes them in.
 */
package dev.hbar.model.answer;
