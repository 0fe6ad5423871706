package dev.hbar.model.answer;

/**
 * A function that the model calls.
 *
 * @param name of the function
 * @param arguments a JSON object as text, {@code {}} when there are none
 */
public record ToolCall(String name, String arguments) {}
