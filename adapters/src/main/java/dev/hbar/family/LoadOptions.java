package dev.hbar.family;

import dev.hbar.attention.MaskChoice;

/** How a checkpoint is loaded. */
public record LoadOptions(Compute compute, MaskChoice masks) {}
