/**
 * Models from the Hugging Face hub into its cache folder: what lies there afterwards is what
 * Python's huggingface_hub would have put there, and it is complete and checked.
 */
package dev.hbar.model.hub;
