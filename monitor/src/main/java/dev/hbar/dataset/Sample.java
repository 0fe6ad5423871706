package dev.hbar.dataset;

/**
 * One question to the model: is this answer faithful?
 *
 * @param id unique in its run, {@code task_record_cor} or {@code task_record_hal}
 * @param label 0 for the right answer, 1 for the hallucinated one
 * @param prompt the complete prompt, without chat template
 */
public record Sample(String id, int label, String prompt) {}
