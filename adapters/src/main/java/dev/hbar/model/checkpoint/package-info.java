/**
 * A checkpoint on disk: {@link dev.hbar.model.checkpoint.CheckpointDirectory} finds it, {@link
 * dev.hbar.model.checkpoint.ConfigReader} validates its configuration, {@link
 * dev.hbar.model.checkpoint.WeightStore} hands out its weights. Knows no family.
 */
package dev.hbar.model.checkpoint;
